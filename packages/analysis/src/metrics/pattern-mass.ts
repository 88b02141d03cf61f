import { describeValue, refuse, ValueError } from "@tfblocks/tensor-utils";
import { type AllowedKeys, allowedKeys, type MapMask, rowStart } from "../maps/allowed-keys.js";
import type { AttentionMaps } from "../maps/attention-maps.js";
import { headIndices, type HeadScores, type RowOptions } from "../maps/row-scores.js";
import { type RowMeasure, scoreRows } from "../maps/score-metrics.js";
import { type Row } from "../maps/rows.js";

/**
 * The keys that a head is expected to attend to, cell by cell: true = target. In any form of a mask but `null`, so that a mask
 * of `@tfblocks/masks` is a pattern too.
 */
export type AttentionPattern = Exclude<MapMask, null>;

/**
 * Attention to the cells of a pattern: Σⱼ∈targets(i) Aᵢⱼ, mean over the rows that may attend to a target.
 *
 * From 0 to 1; uniform attention scores mean(|targets ∩ allowed| / K) with K keys in a row. It has a lift. Rows without an
 * allowed target are skipped as `noTarget`, so a perfect head scores 1; `detectionScore` counts them. A pattern of every key
 * gives 1 to any head: look at the lift.
 *
 * @throws ShapeError when the pattern does not fit the maps
 * @throws ValueError when the pattern is not an {@link AttentionPattern}, `minKeys` is not an integer ≥ 1, or an option is
 *   unknown
 */
export function patternMass(maps: AttentionMaps, pattern: AttentionPattern, options: RowOptions = {}): HeadScores {
  const targets = patternCells("patternMass", maps, pattern);
  return scoreRows("patternMass", maps, options, "fraction", (row, head) =>
    massOf(row, targets, rowStart(targets, row.batch, head, row.query)),
  );
}

/** A pattern as cells. @throws ShapeError, ValueError when it does not fit the maps or is not a pattern */
export function patternCells(operation: string, maps: AttentionMaps, pattern: AttentionPattern): AllowedKeys {
  headIndices(operation, maps);
  if (pattern === null) refuse(ValueError, operation, "pattern", "a mask, a Uint8Array or { data, shape }", describeValue(pattern));
  const { batch, heads, queryLength, keyLength } = maps;
  return allowedKeys(operation, pattern, [batch, heads, queryLength, keyLength], maps, "pattern");
}

function massOf({ allowed, probabilities }: Row, { data }: AllowedKeys, start: number): ReturnType<RowMeasure> {
  let mass: number | null = null;
  for (let key = 0; key < allowed.length; key++) {
    if (allowed[key] !== 0 && data[start + key] !== 0) mass = (mass ?? 0) + probabilities[key]!;
  }
  return mass;
}
