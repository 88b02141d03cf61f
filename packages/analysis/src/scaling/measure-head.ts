import { checkOptions } from "@tfblocks/tensor-utils";
import type { MapMask } from "../maps/allowed-keys.js";
import { keyGradientNorm, queryGradientNorm } from "./head-gradients.js";
import { type CheckedVectors, checkVectors, type HeadVectors } from "./head-vectors.js";
import { headOptionNames, type MeasureHeadOptions, type ProductsOfHead, scoreVectors } from "./score-head.js";
import { measureRows, type ScoreMeasures, usedRows } from "./score-measures.js";
import { capSlope, type Scoring, type ScoringOptions } from "./scoring.js";
import { type Summary, summarize } from "./summary.js";

/** What {@link measureHead} measures. */
export interface HeadMeasures extends ScoreMeasures {
  /** ‖∂p/∂q‖_F of the weights p of a row, with respect to its query before any norm. */
  readonly queryGradient: Summary | null;
  /** ‖∂p/∂K‖_F of the weights p of a row, with respect to all its keys before any norm. */
  readonly keyGradient: Summary | null;
}

/**
 * Measures the scores and the gradients of one head from its queries and keys, for a choice of scale, cap and norm: a
 * trained head with and without its scale, or vectors of your own.
 *
 * With p = softmax(s), s = cap(scale · norm(q) · norm(k)), J = diag(p) − p pᵀ and D the slopes of the cap:
 *
 * - ∂p/∂q = scale · J D K ∂norm(q)/∂q, which is scale · J K without cap and norm;
 * - ∂p/∂kⱼ = scale · (J D)ⱼ norm(q)ᵀ ∂norm(kⱼ)/∂kⱼ, whose norm over all keys is scale · ‖J‖ · |q| without cap and norm.
 *
 * Both are Frobenius norms, summarised over the rows. Rows with fewer than two allowed keys are skipped and counted.
 *
 * @param vectors queries `[rows, headDim]` and keys, after projection and rotary embedding, before any norm
 * @throws ShapeError when queries, keys or mask do not fit together
 * @throws ValueError when a number is not finite, a vector is zero under a norm, the scale is not finite, `softcap` is not
 *   > 0, or an option is unknown
 */
export function measureHead(vectors: HeadVectors, options: MeasureHeadOptions): HeadMeasures {
  const { mask } = checkOptions("measureHead", options, headOptionNames);
  return measureVectors("measureHead", checkVectors("measureHead", vectors), options, mask);
}

/** {@link measureHead} under the name of another operation, for vectors and names of options that are checked. */
export function measureVectors(operation: string, vectors: CheckedVectors, options: ScoringOptions, mask: MapMask): HeadMeasures {
  const { head, scoring, scores, maps } = scoreVectors(operation, vectors, options, mask);
  const gradientRows = usedRows(maps, 0).map(({ query, probabilities }) => ({
    query: head.queries[query]!,
    keys: head.keys[query]!,
    weights: probabilities,
    slopes: slopesOf(head, query, scoring),
  }));
  return {
    ...measureRows(maps, scores, 0),
    queryGradient: summarize(gradientRows.map(queryGradientNorm)),
    keyGradient: summarize(gradientRows.map(keyGradientNorm)),
  };
}

function slopesOf({ products, keys }: ProductsOfHead, row: number, { scale, softcap }: Scoring): Float64Array {
  const numKeys = keys[row]!.length;
  return products.slice(row * numKeys, (row + 1) * numKeys).map((product) => scale * capSlope(product, softcap));
}
