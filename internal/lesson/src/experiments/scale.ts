import { type HeadMeasures, normalVectors, scalingTable } from "@tfblocks/analysis/scaling";
import { checkInteger, checkOptions, type OptionNames } from "@tfblocks/tensor-utils";
import { type Check, checkAbove, checkAtMost } from "../check.js";

/** Options of {@link measureScale}. */
export interface ScaleOptions {
  /** Widths of a head, ascending; default 4, 8 … 512. */
  readonly headDims?: readonly number[];
  /** Number of keys per query; default 16. */
  readonly numKeys?: number;
  /** Number of queries, each with different keys; default 1000. */
  readonly draws?: number;
  /** Default 0. */
  readonly seed?: number;
}

const optionNames: OptionNames<ScaleOptions> = { headDims: true, numKeys: true, draws: true, seed: true };

/** Measures of the scores at one head width, with or without the factor 1 / sqrt(headDim). */
export interface ScaleMeasure {
  /** Variance of the scores. */
  readonly scoreVariance: number;
  /** Mean entropy / ln(keys), 0 to 1. */
  readonly normalizedEntropy: number;
  readonly meanMaxWeight: number;
  /** Fraction of queries whose largest weight is above 0.99. */
  readonly saturated: number;
  /** Frobenius norm of the Jacobian of the softmax, mean and median over the queries. */
  readonly gradient: { readonly mean: number; readonly median: number };
}

/** Both measures at one head width. */
export interface ScalePoint {
  readonly headDim: number;
  readonly unscaled: ScaleMeasure;
  readonly scaled: ScaleMeasure;
}

/** The result of {@link measureScale}. */
export interface ScaleExperiment {
  readonly numKeys: number;
  readonly draws: number;
  readonly points: readonly ScalePoint[];
  /**
   * The first width at which the mean gradient without scaling is less than two thirds of that with scaling; null if
   * there is none.
   */
  readonly collapsesFrom: number | null;
  readonly checks: readonly Check[];
}

const defaultHeadDims: readonly number[] = [4, 8, 16, 32, 64, 128, 256, 512];

/**
 * Why scores are divided by sqrt(headDim): compares scores of queries and keys from N(0, 1) with and without the factor.
 *
 * The dot product of two such vectors has variance headDim. The softmax of such large scores is nearly one-hot, and its
 * gradient is small. Source: Vaswani et al. 2017, section 3.2.1, note 4.
 */
export function measureScale(options: ScaleOptions = {}): ScaleExperiment {
  const { headDims = defaultHeadDims, numKeys = 16, draws = 1000, seed = 0 } = checkOptions("measureScale", options, optionNames);
  checkInteger("measureScale", "numKeys", numKeys, 2);
  checkInteger("measureScale", "draws", draws, 1);
  const vectors = normalVectors({ headDim: Math.max(...headDims), numKeys, draws, seed });
  const [unscaled, scaled] = (["none", "1/sqrt(d)"] as const).map((scale) =>
    scalingTable({ vectors, headDims, scale }).rows.map(({ measured }) => scaleMeasure(measured)),
  );
  const points = headDims.map((headDim, row) => ({ headDim, unscaled: unscaled![row]!, scaled: scaled![row]! }));
  return { numKeys, draws, points, collapsesFrom: firstCollapse(points), checks: scaleChecks(points) };
}

/** Every row has keys, so that nothing is null. */
function scaleMeasure({ scoreVariance, normalizedEntropy, maxWeight, saturated, jacobianNorm }: HeadMeasures): ScaleMeasure {
  return {
    scoreVariance: scoreVariance!,
    normalizedEntropy: normalizedEntropy!.mean,
    meanMaxWeight: maxWeight!.mean,
    saturated: saturated!,
    gradient: { mean: jacobianNorm!.mean, median: jacobianNorm!.median },
  };
}

function firstCollapse(points: readonly ScalePoint[]): number | null {
  return points.find(({ unscaled, scaled }) => unscaled.gradient.mean < (2 / 3) * scaled.gradient.mean)?.headDim ?? null;
}

function scaleChecks(points: readonly ScalePoint[]): Check[] {
  const distance = Math.max(...points.map(({ scaled }) => Math.abs(scaled.scoreVariance - 1)));
  const growth = points.map(({ headDim, unscaled }) => unscaled.scoreVariance / headDim);
  return [
    checkAtMost("scaled scores have a variance of 1, largest deviation", distance, 0.15),
    checkAtMost(
      "unscaled scores have a variance of headDim, largest relative deviation",
      Math.max(...growth.map((ratio) => Math.abs(ratio - 1))),
      0.15,
    ),
    checkAbove(
      "scaling makes the softmax less saturated, smallest gain in normalised entropy",
      Math.min(...points.map(({ scaled, unscaled }) => scaled.normalizedEntropy - unscaled.normalizedEntropy)),
      0,
    ),
  ];
}
