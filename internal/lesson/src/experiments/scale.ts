import { mul, reshape, slice, softmax, type Tensor, type Tensor3D, tensor3d } from "@tensorflow/tfjs-core";
import { attentionMaps, normalizedEntropy } from "@tfblocks/analysis";
import { checkInteger, checkOptions, matmul, type OptionNames, Random, scope } from "@tfblocks/tensor-utils";
import { type Check, checkAbove, checkAtMost } from "../check.js";
import { flatten, type Matrix, mean, median, readFirst, variance, type Vector } from "../numbers.js";
import { softmaxJacobianNorms } from "../softmax-jacobian.js";

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
 * gradient is small. The Jacobian is computed with `tf.grad`. Source: Vaswani et al. 2017, section 3.2.1, note 4.
 */
export async function measureScale(options: ScaleOptions = {}): Promise<ScaleExperiment> {
  const { headDims = defaultHeadDims, numKeys = 16, draws = 1000, seed = 0 } = checkOptions("measureScale", options, optionNames);
  checkInteger("measureScale", "numKeys", numKeys, 2);
  checkInteger("measureScale", "draws", draws, 1);
  const vectors = drawVectors(draws, numKeys, Math.max(...headDims), new Random(seed).split("scale"));
  const points: ScalePoint[] = [];
  for (const headDim of headDims) {
    const dotProducts = scope(() => dotProductsOf(vectors, headDim));
    points.push({ headDim, unscaled: await measure(dotProducts, 1), scaled: await measure(dotProducts, 1 / Math.sqrt(headDim)) });
    dotProducts.dispose();
  }
  vectors.dispose();
  return { numKeys, draws, points, collapsesFrom: firstCollapse(points), checks: scaleChecks(points) };
}

/** `[draws, 1 + numKeys, headDim]`: queries, each followed by its keys. Narrower heads use the first numbers of each. */
function drawVectors(draws: number, numKeys: number, headDim: number, random: Random): Tensor3D {
  const values = Float32Array.from({ length: draws * (1 + numKeys) * headDim }, () => random.normal());
  return tensor3d(values, [draws, 1 + numKeys, headDim]);
}

/** `[draws, numKeys]` */
function dotProductsOf(vectors: Tensor3D, headDim: number): Tensor {
  const [draws, rows] = vectors.shape;
  const query = slice(vectors, [0, 0, 0], [draws, 1, headDim]);
  const keys = slice(vectors, [0, 1, 0], [draws, rows - 1, headDim]);
  return reshape(matmul(query, keys, { transposeB: true }), [draws, rows - 1]);
}

async function measure(dotProducts: Tensor, scale: number): Promise<ScaleMeasure> {
  const tensors = scope(() => {
    const scores = mul(dotProducts, scale);
    return { scores: batched(scores), weights: batched(softmax(scores)), norms: batched(softmaxJacobianNorms(scores)) };
  });
  const { scores, weights, norms } = await readFirst(tensors);
  const largest = (weights as Matrix).map((row) => Math.max(...row));
  return {
    scoreVariance: variance(flatten(scores)),
    normalizedEntropy: entropyOf(weights as Matrix),
    meanMaxWeight: mean(largest),
    saturated: largest.filter((weight) => weight > 0.99).length / largest.length,
    gradient: { mean: mean(norms as Vector), median: median(norms as Vector) },
  };
}

function batched(x: Tensor): Tensor {
  return reshape(x, [1, ...x.shape]);
}

function entropyOf(weights: Matrix): number {
  const maps = attentionMaps(weights.flat(), [1, 1, weights.length, weights[0]!.length], { mask: null });
  return normalizedEntropy(maps).perHead[0]!.score!;
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
