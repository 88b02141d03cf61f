import { checkOptions, type OptionNames } from "@tfblocks/tensor-utils";
import type { MapMask } from "../maps/allowed-keys.js";
import type { AttentionMaps } from "../maps/attention-maps.js";
import { type CheckedVectors, checkVectors, firstKeyOf, type HeadVectors, vectorAt } from "./head-vectors.js";
import { dot, type NormedVector, normedVector } from "./normed-vector.js";
import { scoreMaps } from "./score-maps.js";
import { capped, type Scoring, type ScoringOptions, scoringOf, scoringOptionNames } from "./scoring.js";

/** Options of {@link scoreHead} and `measureHead`. */
export interface MeasureHeadOptions extends ScoringOptions {
  /** Which keys each query may attend to; `null` when every key is allowed. */
  readonly mask: MapMask;
}

export const headOptionNames: OptionNames<MeasureHeadOptions> = { ...scoringOptionNames, mask: true };

/** The scores of one head and their softmax. */
export interface HeadScores {
  readonly rows: number;
  readonly numKeys: number;
  /** cap(scale · norm(q) · norm(k)), `[rows, numKeys]`, also outside the mask. */
  readonly scores: Float64Array;
  /** The softmax of each row over its allowed keys, `[rows, numKeys]`; 0 outside the mask. */
  readonly weights: Float64Array;
}

/**
 * The scores and weights of one head from its queries and keys: the numbers that `measureHead` measures, for a picture of them.
 *
 * @param vectors queries `[rows, headDim]` and keys, after projection and rotary embedding, before any norm
 * @throws as `measureHead`
 */
export function scoreHead(vectors: HeadVectors, options: MeasureHeadOptions): HeadScores {
  const { mask } = checkOptions("scoreHead", options, headOptionNames);
  const checked = checkVectors("scoreHead", vectors);
  const { scores, maps } = scoreVectors("scoreHead", checked, options, mask);
  return { rows: checked.rows, numKeys: checked.numKeys, scores, weights: Float64Array.from(maps.weights) };
}

/** Queries and keys after the norm, and their dot products times the scale, `[rows, numKeys]`. */
export interface ProductsOfHead {
  readonly queries: readonly NormedVector[];
  readonly keys: readonly (readonly NormedVector[])[];
  readonly products: Float64Array;
}

/** One head on its way from vectors to weights. */
interface ScoredVectors {
  readonly head: ProductsOfHead;
  readonly scoring: Scoring;
  readonly scores: Float64Array;
  readonly maps: AttentionMaps;
}

/** The scores of vectors and names of options that are checked. */
export function scoreVectors(operation: string, vectors: CheckedVectors, options: ScoringOptions, mask: MapMask): ScoredVectors {
  const scoring = scoringOf(operation, options, vectors.headDim);
  const head = productsOf(operation, vectors, scoring);
  const scores = head.products.map((product) => capped(product, scoring.softcap));
  const maps = scoreMaps(operation, scores, [1, 1, vectors.rows, vectors.numKeys], { mask });
  return { head, scoring, scores, maps };
}

function productsOf(operation: string, vectors: CheckedVectors, { scale, qkNorm }: Scoring): ProductsOfHead {
  const { headDim, numKeys, rows } = vectors;
  const normed = (side: "queries" | "keys") =>
    Array.from({ length: vectors[side].length / headDim }, (_, at) =>
      normedVector(operation, side, vectorAt(vectors[side], at, headDim), qkNorm),
    );
  const [queries, allKeys] = [normed("queries"), normed("keys")];
  const keys = queries.map((_, row) => allKeys.slice(firstKeyOf(vectors, row), firstKeyOf(vectors, row) + numKeys));
  const products = new Float64Array(rows * numKeys);
  queries.forEach((query, row) => keys[row]!.forEach((key, at) => (products[row * numKeys + at] = scale * dot(query.values, key.values))));
  return { queries, keys, products };
}
