import { checkInteger, checkOptions, type OptionNames } from "@tfblocks/tensor-utils";
import type { AttentionMaps } from "../maps/attention-maps.js";
import { type HeadScores, rowOptionNames, type RowOptions, scoreRows } from "../maps/row-scores.js";

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
  const { distance = 2, ...rows } = checkOptions("windowMass", options, optionNames);
  checkInteger("windowMass", "distance", distance, 0);
  const { queryOffset, keyOffset, keyLength } = maps;
  return scoreRows("windowMass", maps, rows, "fraction", ({ query, allowed, probabilities, keyCount }) => {
    let [mass, near] = [0, 0];
    for (let key = 0; key < keyLength; key++) {
      if (!allowed[key] || Math.abs(query + queryOffset - key - keyOffset) > distance) continue;
      mass += probabilities[key]!;
      near++;
    }
    return near === keyCount ? null : mass;
  });
}
