import { reshape, type Tensor, transpose } from "@tensorflow/tfjs-core";

/**
 * The tensor with its dimensions in another order; like `tf.transpose`, and right for empty tensors, which crash
 * tfjs's WASM backend.
 *
 * @param axes for each dimension of the result, which dimension of `x` it is
 */
export function permute<Kind extends Tensor>(x: Kind, axes: readonly number[]): Kind {
  if (x.size > 0) return transpose(x, [...axes]);
  return reshape(x, axes.map((axis) => x.shape[axis]!) as [number]) as unknown as Kind;
}
