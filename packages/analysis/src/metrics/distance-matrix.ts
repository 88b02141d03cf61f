import { describeValue, refuse, ShapeError, ValueError } from "@tfblocks/tensor-utils";

/** Distances between pairs, `[heads][heads]`: symmetric, ≥ 0, 0 on the diagonal; null where a distance is undefined. */
export type DistanceMatrix = readonly (readonly (number | null)[])[];

/** The part of a distance matrix that has no nulls. */
export interface CompleteDistances {
  /** The heads that are kept, in ascending order. */
  readonly kept: readonly number[];
  /** The heads that are left out, in ascending order. */
  readonly excluded: readonly number[];
  /** `[kept][kept]`. */
  readonly distances: readonly Float64Array[];
}

/** How far two mirrored distances may differ, relative to their size. */
const asymmetry = 1e-9;

/**
 * Checks a distance matrix and leaves out heads until no distance is null: again and again the head with the most nulls
 * among those that remain, the last of them in case of a tie.
 *
 * @throws ShapeError when the matrix is not square; ValueError when it is not symmetric, a distance is negative or not finite,
 *   or the diagonal is not zero
 */
export function completeDistances(operation: string, distances: DistanceMatrix): CompleteDistances {
  checkDistances(operation, distances);
  let kept = distances.map((_, head) => head);
  for (;;) {
    const worst = headWithMostNulls(distances, kept);
    if (worst === undefined) break;
    kept = kept.filter((head) => head !== worst);
  }
  return {
    kept,
    excluded: distances.map((_, head) => head).filter((head) => !kept.includes(head)),
    distances: kept.map((head) => Float64Array.from(kept, (other) => (head === other ? 0 : distances[head]![other]!))),
  };
}

function headWithMostNulls(distances: DistanceMatrix, kept: readonly number[]): number | undefined {
  let worst: number | undefined;
  let most = 1;
  for (const head of kept) {
    const nulls = kept.filter((other) => other !== head && distances[head]![other] === null).length;
    if (nulls < most) continue;
    most = nulls;
    worst = head;
  }
  return worst;
}

function checkDistances(operation: string, distances: DistanceMatrix): void {
  if (!Array.isArray(distances)) {
    const advice = "pass headDistances(maps).distances";
    refuse(ValueError, operation, "distances", "a matrix of distances", describeValue(distances), advice);
  }
  for (const row of distances as DistanceMatrix) {
    if (!Array.isArray(row)) refuse(ValueError, operation, "distances", "a list of rows", describeValue(row));
    if (row.length === distances.length) continue;
    refuse(ShapeError, operation, "distances", `[${distances.length}, ${distances.length}]`, `a row of length ${row.length}`);
  }
  for (let head = 0; head < distances.length; head++) {
    for (let other = 0; other <= head; other++) checkPair(operation, distances, head, other);
  }
}

function checkPair(operation: string, distances: DistanceMatrix, head: number, other: number): void {
  const [distance, mirrored] = [distances[head]![other], distances[other]![head]];
  const refuseCell = (expected: string, received: unknown): never =>
    refuse(ValueError, operation, "distances", expected, `${String(received)} between ${other} and ${head}`);
  if (distance === null && mirrored === null) return;
  if (typeof distance !== "number" || !(distance >= 0 && distance < Infinity)) {
    refuseCell("null or finite numbers >= 0, and symmetric", distance);
  }
  if (head === other && distance !== 0) refuseCell("0 on the diagonal", distance);
  if (typeof mirrored !== "number" || !(Math.abs(distance! - mirrored) <= asymmetry * distance!)) {
    refuseCell("symmetric", `${distance} and ${String(mirrored)}`);
  }
}
