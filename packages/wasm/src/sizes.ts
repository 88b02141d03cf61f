import { type DataType, util } from "@tensorflow/tfjs-core";

/** The number of elements of a shape. */
export function sizeOf(shape: readonly number[]): number {
  return shape.reduce((product, size) => product * size, 1);
}

/** Bytes of one element on tfjs's heap. */
export function elementBytes(dtype: DataType): number {
  return util.bytesPerElement(dtype);
}

/** Whether two shapes are equal. */
export function sameShape(a: readonly number[], b: readonly number[]): boolean {
  return a.length === b.length && a.every((size, axis) => size === b[axis]);
}
