import { checkInteger } from "@tfblocks/tensor-utils";
import type { AttentionMaps } from "./attention-maps.js";
import { type HeadScores, type Row, type RowOptions, scoreRows } from "./row-scores.js";

/** Options of a metric at one relative position. */
export interface OffsetOptions extends RowOptions {
  /** Key position − query position: −1 the previous token, 0 the token itself, 1 the next one. */
  readonly offset: number;
}

/**
 * Attention to a fixed relative position: Aᵢ,ᵢ₊d, mean over the rows whose key at offset d exists and is allowed.
 *
 * From 0 to 1, null mean(1 / K), with lift. Rows without that key (the first row has no previous token) are skipped as
 * `noTarget`, so a perfect head scores 1. Positions include `queryOffset` and `keyOffset` of the maps.
 *
 * Source: Clark et al. 2019, which divides by all rows.
 *
 * @throws ValueError when `offset` is no integer or `minKeys` no integer ≥ 1
 */
export function offsetMass(maps: AttentionMaps, options: OffsetOptions): HeadScores {
  return massAt("offsetMass", maps, options.offset, options);
}

/** {@link offsetMass} at −1: attention to the previous token. */
export function previousTokenMass(maps: AttentionMaps, options: RowOptions = {}): HeadScores {
  return massAt("previousTokenMass", maps, -1, options);
}

/** {@link offsetMass} at 0: attention of each token to itself. */
export function selfMass(maps: AttentionMaps, options: RowOptions = {}): HeadScores {
  return massAt("selfMass", maps, 0, options);
}

/** {@link offsetMass} at 1: attention to the next token; all rows are skipped under a causal mask. */
export function nextTokenMass(maps: AttentionMaps, options: RowOptions = {}): HeadScores {
  return massAt("nextTokenMass", maps, 1, options);
}

/**
 * How often a fixed relative position gets the most attention: the share of rows whose arg-max is at the offset.
 *
 * From 0 to 1, null mean(1 / K), with lift. Keys that tie for the maximum share the row: each counts 1 / ties.
 * Rows as in {@link offsetMass}. A head is called positional at ≥ 0.9 (Voita et al. 2019).
 *
 * @throws ValueError when `offset` is no integer or `minKeys` no integer ≥ 1
 */
export function offsetArgmaxRate(maps: AttentionMaps, options: OffsetOptions): HeadScores {
  checkOffset("offsetArgmaxRate", options.offset);
  return scoreRows("offsetArgmaxRate", maps, options, "share", (row) => {
    const key = keyAtOffset(maps, row, options.offset);
    return key === null ? null : shareOfMaximum(row, key);
  });
}

function massAt(operation: string, maps: AttentionMaps, offset: number, options: RowOptions): HeadScores {
  checkOffset(operation, offset);
  return scoreRows(operation, maps, options, "share", (row) => {
    const key = keyAtOffset(maps, row, offset);
    return key === null ? null : row.probabilities[key]!;
  });
}

function checkOffset(operation: string, offset: unknown): void {
  checkInteger(operation, "offset", offset, Number.MIN_SAFE_INTEGER);
}

function keyAtOffset({ queryOffset, keyOffset }: AttentionMaps, { query, allowed }: Row, offset: number): number | null {
  const key = query + queryOffset + offset - keyOffset;
  // Outside the row, `allowed[key]` is undefined.
  return allowed[key] ? key : null;
}

function shareOfMaximum({ probabilities }: Row, key: number): number {
  const top = probabilities.reduce((largest, p) => Math.max(largest, p), 0);
  if (probabilities[key] !== top) return 0;
  return 1 / probabilities.filter((p) => p === top).length;
}
