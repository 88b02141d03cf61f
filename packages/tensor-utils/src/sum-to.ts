import { reshape, sum, type Tensor, zeros } from "@tensorflow/tfjs-core";

/** Sums over the dimensions that broadcasting from `shape` to `x.shape` expanded: the gradient of that broadcast. */
export function sumTo(x: Tensor, shape: readonly number[]): Tensor {
  if (x.size === 0) return zeros([...shape]); // GPU backends cannot sum an empty tensor
  const missing = x.rank - shape.length;
  const axes = x.shape.flatMap((size, axis) => (axis < missing || (shape[axis - missing] === 1 && size !== 1) ? [axis] : []));
  return axes.length === 0 ? x : reshape(sum(x, axes), [...shape]);
}
