import { symmetricEigen } from "../linear-algebra/symmetric-eigen.js";
import type { Point } from "./points.js";

/**
 * Classical (Torgerson) scaling in two dimensions: √λ · v of the two largest eigenvalues of −½ J D² J, where J subtracts means.
 * Exact when the distances are those of points in a plane.
 */
export function classicalScaling(distances: readonly Float64Array[]): Point[] {
  const { values, vectors } = symmetricEigen(doublyCentred(distances));
  const coordinate = (axis: number, head: number) => Math.sqrt(Math.max(0, values[axis] ?? 0)) * (vectors[axis]?.[head] ?? 0);
  return distances.map((_, head) => [coordinate(0, head), coordinate(1, head)]);
}

function doublyCentred(distances: readonly Float64Array[]): Float64Array[] {
  const squares = distances.map((row) => row.map((distance) => distance * distance));
  const means = squares.map((row) => row.reduce((sum, square) => sum + square, 0) / row.length);
  const mean = means.reduce((sum, value) => sum + value, 0) / means.length;
  return squares.map((row, head) => row.map((square, other) => -(square - means[head]! - means[other]! + mean) / 2));
}
