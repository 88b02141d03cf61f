import { checkOptions, describeValue, type OptionNames, refuse, ValueError } from "@tfblocks/tensor-utils";
import type { AttentionMaps } from "../maps/attention-maps.js";
import { type HeadScores, rowOptionNames, type RowOptions } from "../maps/row-scores.js";
import type { Row } from "../maps/rows.js";
import { type RowMetric, rowMetric, scoreMetric } from "../maps/score-metrics.js";
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
  return scoreMetric(maps, confidenceMetric(options));
}

export function confidenceMetric(options: ConfidenceOptions = {}): RowMetric {
  const { queries = () => true, ...rows } = checkOptions("confidence", options, optionNames);
  if (typeof queries !== "function") refuse(ValueError, "confidence", "queries", "a function of a token's index", describeValue(queries));
  return rowMetric("confidence", rows, "fraction", (row) => (queries(row.query, row.batch) ? largest(row) : null));
}

function largest({ probabilities, allowed, keyEnd }: Row): number {
  let top = 0;
  for (let key = 0; key < keyEnd; key++) if (probabilities[key]! > top) top = probabilities[key]!;
  for (let extra = allowed.length; extra < probabilities.length; extra++) top = Math.max(top, probabilities[extra]!);
  return top;
}
