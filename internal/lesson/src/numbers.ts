import type { Tensor } from "@tensorflow/tfjs-core";

/** Numbers in arrays of any depth. */
export type Nested = number | readonly Nested[];
export type Vector = readonly number[];
export type Matrix = readonly Vector[];
/** `[heads][rows][columns]` */
export type Matrices = readonly Matrix[];

/** All numbers in order. */
export function flatten(nested: Nested): number[] {
  return typeof nested === "number" ? [nested] : nested.flatMap(flatten);
}

/** The largest |a − b| over all numbers; NaN if a number is NaN or the arrays have different lengths. */
export function largestDifference(a: Nested, b: Nested): number {
  const [left, right] = [flatten(a), flatten(b)];
  if (left.length !== right.length) return NaN;
  return left.reduce((largest, value, index) => largerOrNaN(largest, Math.abs(value - right[index]!)), 0);
}

/** The largest |Σ row − 1| over all rows of all heads. */
export function rowSumDeviation(weights: Matrices): number {
  return weights.flat().reduce((largest, row) => largerOrNaN(largest, Math.abs(total(row) - 1)), 0);
}

export function total(values: Vector): number {
  return values.reduce((sum, value) => sum + value, 0);
}

export function mean(values: Vector): number {
  return total(values) / values.length;
}

export function median(values: Vector): number {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2;
}

export function dot(a: Vector, b: Vector): number {
  return a.reduce((sum, value, index) => sum + value * b[index]!, 0);
}

/** The values of tensors with a batch of 1, without the batch dimension. Disposes the tensors. */
export async function readFirst<Name extends string>(tensors: Readonly<Record<Name, Tensor>>): Promise<Record<Name, Nested>> {
  const entries = Object.entries<Tensor>(tensors);
  const values = await Promise.all(entries.map(([, tensor]) => tensor.array() as Promise<unknown> as Promise<Nested[]>));
  for (const [, tensor] of entries) tensor.dispose();
  return Object.fromEntries(entries.map(([name], index) => [name, values[index]![0]!])) as Record<Name, Nested>;
}

function largerOrNaN(a: number, b: number): number {
  return a >= b || Number.isNaN(a) ? a : b;
}
