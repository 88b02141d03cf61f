import { checkOptions, describeValue, type OptionNames, refuse, ValueError } from "@tfblocks/tensor-utils";
import type { AttentionMaps } from "../maps/attention-maps.js";
import { type HeadScores, rowOptionNames, type RowOptions, scoreRows } from "../maps/row-scores.js";
import type { TokenPredicate } from "./token-mass.js";

/** Options of {@link confidence}. */
export interface ConfidenceOptions extends RowOptions {
  /** The queries to score, for example all but the end of the sentence; default all. Others are skipped as `noTarget`. */
  readonly queries?: TokenPredicate;
}

const optionNames: OptionNames<ConfidenceOptions> = { ...rowOptionNames, queries: true };

/**
 * Confidence of a head: maxⱼ Aᵢⱼ, mean over rows.
 *
 * From 1 / K to 1 with K keys in a row; uniform attention scores mean(1 / K). It has a lift. The largest weight may be that of
 * an extra key.
 *
 * Source: Voita et al. 2019, "Analyzing Multi-Head Self-Attention", which leaves out the end-of-sentence query and includes
 * rows of one key (`minKeys: 1`).
 *
 * @throws ValueError when `queries` is not a function, `minKeys` is not an integer ≥ 1, or an option is unknown
 */
export function confidence(maps: AttentionMaps, options: ConfidenceOptions = {}): HeadScores {
  const { queries = () => true, ...rows } = checkOptions("confidence", options, optionNames);
  if (typeof queries !== "function") refuse(ValueError, "confidence", "queries", "a function of a token's index", describeValue(queries));
  return scoreRows("confidence", maps, rows, "fraction", ({ query, batch, probabilities }) =>
    queries(query, batch) ? largest(probabilities) : null,
  );
}

function largest(probabilities: Float64Array): number {
  let top = 0;
  for (const p of probabilities) if (p > top) top = p;
  return top;
}
