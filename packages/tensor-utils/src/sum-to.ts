import { reshape, sum, type Tensor, zeros } from "@tensorflow/tfjs-core";

/** Sums away what broadcasting from `shape` to `x.shape` added: the gradient of that broadcast. */
export function sumTo(x: Tensor, shape: readonly number[]): Tensor {
  if (x.size === 0) return zeros([...shape]); // graphics backends cannot sum nothing
  const missing = x.rank - shape.length;
  const axes = x.shape.flatMap((size, axis) => (axis < missing || (shape[axis - missing] === 1 && size !== 1) ? [axis] : []));
  return axes.length === 0 ? x : reshape(sum(x, axes), [...shape]);
}
