import { completeDistances, type DistanceMatrix } from "./distance-matrix.js";
import { classicalScaling } from "./layout/classical-scaling.js";
import { majorise, stressOf } from "./layout/stress-majorisation.js";
import { orient, type Point } from "./layout/points.js";

/** Heads as points in the plane. */
export interface HeadLayout {
  readonly metric: "headLayout";
  readonly version: 1;
  /** `[heads]`: centred at the origin, in the unit of the distances; null for an excluded head. */
  readonly points: readonly (Point | null)[];
  /**
   * √(Σ (distance − distance in the plane)² / Σ distance²) over pairs, from 0 (exact) to 1. 0 when all distances are 0; null
   * with fewer than two points.
   */
  readonly stress: number | null;
  /** Heads without a point, because distances of theirs are undefined. */
  readonly excluded: readonly number[];
}

/**
 * Heads laid out in the plane so that distances between points approximate the distances between heads.
 *
 * Metric multidimensional scaling: the classical solution, refined by SMACOF, which lowers the stress Σ (δᵢⱼ − dᵢⱼ)² at every
 * step. The result depends on the distances only: the first axis is the direction in which the points vary most, and along
 * each axis the point farthest from the origin (the first of them in case of a tie) has a positive coordinate.
 *
 * The optimum may be a local one, a few per cent above the best of many random starts. Look at `stress` before reading anything
 * into the picture: Kruskal calls 0.1 fair and 0.2 poor.
 *
 * As long as a distance is null, the head with the most nulls (the last in case of a tie) is excluded.
 *
 * Source: Torgerson 1952; de Leeuw 1977; Kruskal 1964 for the stress.
 *
 * @param distances a symmetric matrix of a metric, for example `headDistances(layers).distances`; of
 *   `headDiversity(maps).distances` take the square roots first
 * @throws ShapeError when the matrix is not square
 * @throws ValueError when it is not symmetric, a distance is negative or not finite, or the diagonal is not zero
 */
export function headLayout(distances: DistanceMatrix): HeadLayout {
  const complete = completeDistances("headLayout", distances);
  const points = orient(majorise(complete.distances, classicalScaling(complete.distances)));
  const pointOf = new Map(complete.kept.map((head, index) => [head, points[index]!]));
  return {
    metric: "headLayout",
    version: 1,
    points: distances.map((_, head) => pointOf.get(head) ?? null),
    stress: stressOf(complete.distances, points),
    excluded: complete.excluded,
  };
}
