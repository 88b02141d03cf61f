import { concat, gather, type Tensor, tensor1d, zeros } from "@tensorflow/tfjs-core";
import { withGradient } from "@tfblocks/tensor-utils";

/**
 * Some slices of a tensor along an axis, in a given order. Unlike that of `tf.gather`, its gradient works on every backend.
 *
 * @param indices different indices of the axis
 */
export function selectSlices(x: Tensor, indices: readonly number[], axis: number): Tensor {
  const size = x.shape[axis]!;
  return withGradient(
    [x],
    (values) => ({ value: gathered(values!, indices, axis), saved: [] }),
    (gradient) => [placeSlices(gradient, indices, axis, size)],
  );
}

/** The adjoint of {@link selectSlices}: the slices at their indices of an axis of another size, and zeros elsewhere. */
export function placeSlices(slices: Tensor, indices: readonly number[], axis: number, size: number): Tensor {
  return withGradient(
    [slices],
    (values) => ({ value: placed(values!, indices, axis, size), saved: [] }),
    (gradient) => [selectSlices(gradient, indices, axis)],
  );
}

function placed(slices: Tensor, indices: readonly number[], axis: number, size: number): Tensor {
  const blank = zeros(slices.shape.map((each, at) => (at === axis ? 1 : each))); // one slice of zeros after the others
  const places = new Map(indices.map((index, place) => [index, place]));
  const from = Array.from({ length: size }, (_, index) => places.get(index) ?? indices.length);
  return gathered(concat([slices, blank], axis), from, axis);
}

function gathered(x: Tensor, indices: readonly number[], axis: number): Tensor {
  const shape = x.shape.map((size, at) => (at === axis ? indices.length : size));
  return shape.includes(0) ? zeros(shape) : gather(x, tensor1d([...indices], "int32"), axis);
}
