import { reshape, type Tensor, type Tensor3D, type Tensor4D, transpose } from "@tensorflow/tfjs-core";

/** `[batch, length, heads × dim]` to `[batch, heads, length, dim]`. */
export function splitHeads(x: Tensor, heads: number): Tensor4D {
  const [batch, length, width] = x.shape as [number, number, number];
  return transpose(reshape(x, [batch, length, heads, width / heads]), [0, 2, 1, 3]);
}

/** `[batch, heads, length, dim]` to `[batch, length, heads × dim]`. */
export function mergeHeads(x: Tensor4D): Tensor3D {
  const [batch, heads, length, dim] = x.shape;
  return reshape(transpose(x, [0, 2, 1, 3]), [batch, length, heads * dim]);
}
