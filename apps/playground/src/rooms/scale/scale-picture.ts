import type { HeadMeasures, ScalingTheory } from "@tfblocks/analysis/scaling";

/** One query and its keys at the chosen settings, and what all queries have in common. */
export interface ScoreSample {
  /** The factor of the dot products. */
  readonly scale: number;
  /** Queries, each with keys of its own. */
  readonly rows: number;
  readonly measured: HeadMeasures;
  readonly theory: ScalingTheory;
  /** Of one query: the score and the weight of each key. */
  readonly row: { readonly index: number; readonly scores: Float64Array; readonly weights: Float64Array };
  readonly histogram: ScoreHistogram;
}

/** How many scores lie in each of equal bins from `−reach` to `reach`; the outer bins hold all beyond. */
export interface ScoreHistogram {
  readonly reach: number;
  readonly counts: Float64Array;
  /** The counts of a normal distribution with the variance that theory predicts; null with a soft cap, whose scores are not normal. */
  readonly normal: Float64Array | null;
}

/** What is plotted against the width of a head. */
export const measureNames = ["scoreVariance", "spread", "maxWeight", "jacobian", "gradient", "saturated"] as const;
export type MeasureName = (typeof measureNames)[number];

/** A measure over several seeds. */
export interface MeasuredPoint {
  readonly mean: number;
  readonly least: number;
  readonly most: number;
}

/** A way to score, measured at each width. */
export interface ScalingCurve {
  readonly scoring: "chosen" | "1/sqrt(d)" | "none";
  /** For each measure, one point for each width; null where it is not defined. */
  readonly measured: Readonly<Record<MeasureName, readonly (MeasuredPoint | null)[]>>;
  /** What theory says: of the variance exactly, of the others in the limit of small scores; null where it says nothing. */
  readonly theory: Readonly<Record<MeasureName, readonly (number | null)[]>>;
}

/** The curves of the chosen way to score and of the two that it is compared with. */
export interface ScalingCurves {
  readonly headDims: readonly number[];
  readonly seeds: readonly number[];
  readonly draws: number;
  readonly curves: readonly ScalingCurve[];
}
