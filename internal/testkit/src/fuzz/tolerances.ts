import type { Tolerance } from "../tensors.js";
import type { FuzzTensor } from "./fuzz-tensor.js";

/** Relative to the largest finite number of some tensors: what sums of numbers that cancel are exact to. */
export function scaledTolerance(error: number, ...tensors: readonly FuzzTensor[]): Tolerance {
  const largest = (values: ArrayLike<number>) =>
    Array.from(values).reduce((most, each) => (Number.isFinite(each) ? Math.max(most, Math.abs(each)) : most), 0);
  return { atol: error * Math.max(1e-3, ...tensors.map(({ values }) => largest(values))), rtol: error };
}
