import { checkInteger, checkObject, checkOptions, describeValue, type OptionNames, refuse, ValueError } from "@tfblocks/tensor-utils";
import { checkVectors, drawVectors, type HeadVectors, narrowed, type NormalVectorSizes } from "./head-vectors.js";
import { type HeadMeasures, measureVectors } from "./measure-head.js";
import { scalingTheory, type ScalingTheory } from "./scaling-theory.js";
import { type QkNorm, type ScoreScale, scoringOf, type ScoringOptions, scoringOptionNames } from "./scoring.js";

/** Options of {@link scalingTable}. */
export interface ScalingTableOptions extends ScoringOptions {
  /** Widths of a head; default 4, 16, 64, 256, or the width of the given vectors. */
  readonly headDims?: readonly number[];
  /** Queries and keys to measure instead of random ones; default none. They replace `numKeys`, `draws` and `seed`. */
  readonly vectors?: HeadVectors;
  /** Keys per query, at least 2; default 16. */
  readonly numKeys?: number;
  /** Queries, each with keys of its own; default 1000. */
  readonly draws?: number;
  /** Default 0. */
  readonly seed?: number;
}

const optionNames: OptionNames<ScalingTableOptions> = {
  ...scoringOptionNames,
  headDims: true,
  vectors: true,
  numKeys: true,
  draws: true,
  seed: true,
};

/** One head width: what was measured, and what theory says. */
export interface ScalingRow {
  readonly headDim: number;
  /** The factor of the dot products, as a number. */
  readonly scale: number;
  readonly measured: HeadMeasures;
  readonly theory: ScalingTheory;
}

/** The result of {@link scalingTable}: plain data. */
export interface ScalingTable {
  readonly experiment: "scalingTable";
  readonly version: 1;
  readonly numKeys: number;
  readonly draws: number;
  /** null for given vectors. */
  readonly seed: number | null;
  readonly scale: ScoreScale;
  readonly softcap: number | null;
  readonly qkNorm: QkNorm;
  readonly rows: readonly ScalingRow[];
}

const operation = "scalingTable";
const defaultHeadDims: readonly number[] = [4, 16, 64, 256];

/**
 * Why scores are divided by √headDim: measures heads of several widths on queries and keys from N(0, 1), beside the theory.
 *
 * The dot product of two such vectors has variance headDim. Without the factor 1/√headDim, the softmax of a wide head is
 * nearly one-hot, and its Jacobian is small. A narrow head does not show it: up to headDim 16, the Jacobian without the
 * factor is about as large as with it. The mean of ∂p/∂q does not show it at any width, because a few rows between two keys
 * have large gradients; its median does: at headDim 256 it is a quarter of that with the factor.
 *
 * The same seed gives the same vectors whatever the options, and a narrow head takes the first numbers of the vectors of the
 * widest, so that rows and tables differ by their options and not by their draws.
 *
 * Source: Vaswani et al. 2017, section 3.2.1, note 4; norms of queries and keys: Henry et al. 2020; soft caps: Gemma 2, 2024.
 *
 * The theory is that of N(0, 1), also beside the measures of given vectors.
 *
 * @throws ShapeError when given vectors do not fit together
 * @throws ValueError when `headDims` is empty, has something else than integers ≥ 1 or a width above that of the given
 *   vectors, `numKeys` is not an integer ≥ 2, `draws` is not an integer ≥ 1, the seed is not an integer ≥ 0, one of the three
 *   is given beside `vectors`, the scale is not finite, `softcap` is not > 0, or an option is unknown
 */
export function scalingTable(options: ScalingTableOptions = {}): ScalingTable {
  const { vectors: given, headDims: widths, ...rest } = checkOptions(operation, options, optionNames);
  if (given !== undefined) checkObject(operation, "vectors", given);
  const { scale = "1/sqrt(d)", softcap, qkNorm = "none", ...sizes } = rest;
  const headDims = widths ?? (given === undefined ? defaultHeadDims : [given.headDim]);
  checkHeadDims(headDims, given?.headDim);
  const scoring: ScoringOptions = { scale, qkNorm, ...(softcap === undefined ? {} : { softcap }) };
  const scorings = headDims.map((headDim) => scoringOf(operation, scoring, headDim));
  if (given !== undefined) checkGiven(given, sizes);
  const vectors = checkVectors(operation, given ?? drawVectors(operation, { ...sizes, headDim: Math.max(...headDims) }));
  const rows = headDims.map((headDim, row) => ({
    headDim,
    scale: scorings[row]!.scale,
    measured: measureVectors(operation, narrowed(vectors, headDim), scoring, null),
    theory: scalingTheory(headDim, vectors.numKeys, scorings[row]!),
  }));
  const seed = given === undefined ? (sizes.seed ?? 0) : null;
  return {
    experiment: "scalingTable",
    version: 1,
    numKeys: vectors.numKeys,
    draws: vectors.rows,
    seed,
    scale,
    softcap: softcap ?? null,
    qkNorm,
    rows,
  };
}

function checkHeadDims(headDims: readonly number[], widest?: number): void {
  if (!Array.isArray(headDims) || headDims.length === 0) {
    refuse(ValueError, operation, "headDims", "a list of at least one width", describeValue(headDims));
  }
  for (const headDim of headDims) checkInteger(operation, "headDims", headDim, 1, widest);
}

function checkGiven({ numKeys }: HeadVectors, sizes: Omit<NormalVectorSizes, "headDim">): void {
  for (const [name, size] of Object.entries<unknown>(sizes)) {
    if (size !== undefined) refuse(ValueError, operation, name, "left out beside vectors", describeValue(size));
  }
  checkInteger(operation, "numKeys", numKeys, 2);
}
