import { checkInteger, checkOptions, type OptionNames } from "@tfblocks/tensor-utils";
import type { Positions } from "../maps/allowed-keys.js";
import type { AttentionMaps } from "../maps/attention-maps.js";
import { type HeadScores, rowOptionNames, type RowOptions } from "../maps/row-scores.js";
import { type RowMetric, rowMetric, scoreMetric } from "../maps/score-metrics.js";

/** Options of {@link windowMass}. */
export interface WindowOptions extends RowOptions {
  /** The largest distance between query and key, in tokens; default 2. */
  readonly distance?: number;
}

const optionNames: OptionNames<WindowOptions> = { ...rowOptionNames, distance: true };

/**
 * Attention to nearby tokens: Σ Aᵢⱼ over the keys j with |i − j| ≤ distance, mean over rows.
 *
 * From 0 to 1; uniform attention scores the share of allowed keys that are as near. It has a lift. Rows whose allowed keys
 * are all as near are skipped as `noTarget`. Positions include `queryOffset` and `keyOffset` of the maps.
 *
 * @throws ValueError when `distance` is not an integer ≥ 0, `minKeys` is not an integer ≥ 1, or an option is unknown
 */
export function windowMass(maps: AttentionMaps, options: WindowOptions = {}): HeadScores {
  return scoreMetric(maps, windowMetric(maps, options));
}

export function windowMetric({ queryOffset, keyOffset }: Positions, options: WindowOptions = {}): RowMetric {
  const { distance = 2, ...rows } = checkOptions("windowMass", options, optionNames);
  checkInteger("windowMass", "distance", distance, 0);
  return rowMetric("windowMass", rows, "fraction", ({ query, allowed, probabilities, keyCount, keyEnd }) => {
    const own = query + queryOffset - keyOffset; // the index of the key at the position of the query
    let [mass, near] = [0, 0];
    for (let key = Math.max(0, own - distance); key < Math.min(keyEnd, own + distance + 1); key++) {
      if (!allowed[key]) continue;
      mass += probabilities[key]!;
      near++;
    }
    return near === keyCount ? null : mass;
  });
}
