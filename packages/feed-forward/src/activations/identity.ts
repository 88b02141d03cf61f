import type { Tensor } from "@tensorflow/tfjs-core";
import { checkTensor, own } from "@tfblocks/tensor-utils";

/**
 * x itself, in a handle of the caller's own: a feed-forward without an activation, a gate that is bilinear.
 *
 * @param x `[...]`
 * @returns `[...]`
 * @throws DTypeError, DisposedError when x is no live float32 tensor
 */
export function identity(x: Tensor): Tensor {
  checkTensor("identity", "x", x);
  return own(x);
}
