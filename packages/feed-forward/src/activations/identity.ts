import type { Tensor } from "@tensorflow/tfjs-core";
import { checkTensor, own } from "@tfblocks/tensor-utils";

/**
 * Returns x as a new handle that the caller owns. Use it for a feed-forward network without activation, or a bilinear gate.
 *
 * @param x `[...]`
 * @returns `[...]`
 * @throws DTypeError, DisposedError when x is not a live float32 tensor
 */
export function identity(x: Tensor): Tensor {
  checkTensor("identity", "x", x);
  return own(x);
}
