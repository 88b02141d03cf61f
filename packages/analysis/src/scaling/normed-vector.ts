import { refuse, ValueError } from "@tfblocks/tensor-utils";
import type { QkNorm } from "./scoring.js";

/** A vector v after a norm: values = gain · v. */
export interface NormedVector {
  readonly values: Float64Array;
  readonly gain: number;
  /**
   * v / |v|: the direction in which a change of v changes nothing, since the norm removes it. null without a norm. The
   * derivative of the norm is gain · (I − direction directionᵀ).
   */
  readonly direction: Float64Array | null;
}

/** @throws ValueError when a norm meets a vector of zeros */
export function normedVector(operation: string, argument: string, vector: Float64Array, qkNorm: QkNorm): NormedVector {
  if (qkNorm === "none") return { values: vector, gain: 1, direction: null };
  const length = Math.sqrt(dot(vector, vector));
  if (!(length > 0)) refuse(ValueError, operation, argument, `vectors with a length > 0 under qkNorm "${qkNorm}"`, "a vector of zeros");
  const radius = qkNorm === "l2" ? 1 : Math.sqrt(vector.length);
  const direction = vector.map((x) => x / length);
  return { values: direction.map((x) => x * radius), gain: radius / length, direction };
}

/** The squared length of what is left of x without its part along a direction. */
export function squareBeside(x: Float64Array, direction: Float64Array | null): number {
  if (direction === null) return dot(x, x);
  const along = dot(x, direction);
  let sum = 0;
  for (let at = 0; at < x.length; at++) sum += (x[at]! - along * direction[at]!) ** 2;
  return sum;
}

export function dot(a: Float64Array, b: Float64Array): number {
  let sum = 0;
  for (let at = 0; at < a.length; at++) sum += a[at]! * b[at]!;
  return sum;
}
