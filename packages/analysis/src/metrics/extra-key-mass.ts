import type { AttentionMaps } from "../maps/attention-maps.js";
import { type HeadScores, type RowOptions } from "../maps/row-scores.js";
import { scoreRows } from "../maps/score-metrics.js";

/**
 * Attention to the keys without a token: the sink and the learned key, mean over rows.
 *
 * From 0 to 1; uniform attention scores mean(extra keys / K) with K allowed and extra keys in a row. It has a lift. Maps
 * without such a key have no score: every row is skipped as `noTarget`. For the first token, which takes the place of a sink in
 * models without one, see `firstTokenMass`.
 *
 * Source: Gu et al. 2025, "When Attention Sink Emerges in Language Models", which adds both kinds to take the sink off tokens.
 *
 * @throws ValueError when `minKeys` is not an integer ≥ 1, or an option is unknown
 */
export function extraKeyMass(maps: AttentionMaps, options: RowOptions = {}): HeadScores {
  return scoreRows("extraKeyMass", maps, options, "fraction", ({ allowed, probabilities }) => {
    if (probabilities.length === allowed.length) return null;
    let mass = 0;
    for (let extra = allowed.length; extra < probabilities.length; extra++) mass += probabilities[extra]!;
    return mass;
  });
}
