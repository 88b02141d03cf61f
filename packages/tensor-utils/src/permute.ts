import { reshape, type Tensor, transpose } from "@tensorflow/tfjs-core";

/**
 * Reorders the dimensions of a tensor. Like `tf.transpose`, but also correct for empty tensors, which crash tfjs's WASM
 * backend; where only dimensions of size 1 change places, it copies nothing.
 *
 * @param axes the dimension of `x` that each dimension of the result comes from
 */
export function permute<Kind extends Tensor>(x: Kind, axes: readonly number[]): Kind {
  if (x.size > 0 && movesNumbers(x.shape, axes)) return transpose(x, [...axes]);
  return reshape(x, axes.map((axis) => x.shape[axis]!) as [number]) as unknown as Kind;
}

function movesNumbers(shape: readonly number[], axes: readonly number[]): boolean {
  const long = axes.filter((axis) => shape[axis] !== 1);
  return long.some((axis, index) => index > 0 && axis < long[index - 1]!);
}
