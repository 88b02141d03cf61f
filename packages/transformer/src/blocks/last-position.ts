import { slice, type Tensor3D } from "@tensorflow/tfjs-core";
import { own } from "@tfblocks/tensor-utils";

/** `[batch, length, width]` to `[batch, 1, width]`; a sequence of no or one position is returned unchanged. */
export function lastPosition(x: Tensor3D): Tensor3D {
  const [batch, length, width] = x.shape;
  return length <= 1 ? own(x) : slice(x, [0, length - 1, 0], [batch, 1, width]);
}
