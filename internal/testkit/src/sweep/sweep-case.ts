import type { FuzzTensor } from "../fuzz/fuzz-tensor.js";

export type SweepType = FuzzTensor["dtype"];

/** One call of one kernel, by its contract in tfjs; some kernels take their inputs in order. */
export interface SweepCase {
  readonly kernelName: string;
  readonly inputs: Readonly<Record<string, FuzzTensor>> | readonly FuzzTensor[];
  readonly attrs: object;
}

export const sweepTypes: readonly SweepType[] = ["float32", "int32", "bool"];

const sizes = [2, 3, 2, 2, 2, 2, 2, 2] as const;

/** For each rank 0 .. 8 a shape, the same with one dimension of 0, and one of ones. */
export const sweepShapes: readonly (readonly number[])[] = Array.from({ length: 9 }, (_, rank) => {
  const shape = sizes.slice(0, rank);
  const empty = shape.map((_size, axis) => shape.map((size, at) => (at === axis ? 0 : size)));
  return [shape, ...(rank === 0 ? [] : [shape.map(() => 1), empty[0]!, empty.at(-1)!])];
}).flat();

/** Numbers from -2.5 to 2.5 that differ from tensor to tensor by their `start`. */
export function sweepTensor(shape: readonly number[], dtype: SweepType, start = 0): FuzzTensor {
  const length = shape.reduce((product, size) => product * size, 1);
  const at = (index: number) => ((index + start) * 7) % 11;
  if (dtype === "float32") return { shape, dtype, values: Float32Array.from({ length }, (_, index) => (at(index) - 5) / 2), view: false };
  if (dtype === "int32") return { shape, dtype, values: Int32Array.from({ length }, (_, index) => at(index) - 5), view: false };
  return { shape, dtype, values: Uint8Array.from({ length }, (_, index) => at(index) & 1), view: false };
}
