import { reshape, type Tensor, type Tensor3D, type Tensor4D } from "@tensorflow/tfjs-core";
import { permute } from "@tfblocks/tensor-utils";

/** `[batch, length, heads × dim]` to `[batch, heads, length, dim]`. */
export function splitHeads(x: Tensor, heads: number): Tensor4D {
  const [batch, length, width] = x.shape as [number, number, number];
  const perToken: Tensor4D = reshape(x, [batch, length, heads, width / heads]); // [batch, length, heads, dim]
  return permute(perToken, [0, 2, 1, 3]);
}

/** `[batch, heads, length, dim]` to `[batch, length, heads × dim]`. */
export function mergeHeads(x: Tensor4D): Tensor3D {
  const [batch, heads, length, dim] = x.shape;
  const perToken = permute(x, [0, 2, 1, 3]); // [batch, length, heads, dim]
  return reshape(perToken, [batch, length, heads * dim]);
}
