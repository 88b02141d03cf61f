import type { Positions } from "../maps/allowed-keys.js";
import type { AttentionMaps } from "../maps/attention-maps.js";
import { type HeadScores, type RowOptions } from "../maps/row-scores.js";
import { type RowMetric, rowMetric, scoreMetric } from "../maps/score-metrics.js";

/**
 * Mean attention distance: Σⱼ Aᵢⱼ |i − j|, mean over rows.
 *
 * In tokens, from 0 (each token attends to itself) to the largest allowed distance. Uniform attention scores the mean
 * distance of the allowed keys: (n − 1) / 4 for all rows (`minKeys: 1`) of a causal map of n tokens. Positions include
 * `queryOffset` and `keyOffset` of the maps. Attention to an extra key adds 0. It has no lift.
 *
 * Source: Vig & Belinkov 2019, "Analyzing the Structure of Attention in a Transformer Language Model"
 *
 * @throws ValueError when `minKeys` is not an integer ≥ 1, or an option is unknown
 */
export function attentionDistance(maps: AttentionMaps, options: RowOptions = {}): HeadScores {
  return scoreMetric(maps, distanceMetric(maps, options));
}

export function distanceMetric({ queryOffset, keyOffset }: Positions, options: RowOptions = {}): RowMetric {
  const shift = queryOffset - keyOffset;
  return rowMetric("attentionDistance", options, "unbounded", ({ query, probabilities, keyEnd }) => {
    let tokens = 0;
    for (let key = 0; key < keyEnd; key++) tokens += probabilities[key]! * Math.abs(query + shift - key);
    return tokens;
  });
}
