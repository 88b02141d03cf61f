import { checkInteger, checkOptions, type OptionNames } from "@tfblocks/tensor-utils";
import type { AttentionMaps } from "../maps/attention-maps.js";
import { type HeadScores, rowOptionNames, type RowOptions } from "../maps/row-scores.js";
import { type RowMetric, rowMetric, scoreMetric, scoreRows } from "../maps/score-metrics.js";
import { type Row } from "../maps/rows.js";

/** Options of a metric at one relative position. */
export interface OffsetOptions extends RowOptions {
  /** Key position − query position: −1 the previous token, 0 the token itself, 1 the next one. */
  readonly offset: number;
}

const optionNames: OptionNames<OffsetOptions> = { ...rowOptionNames, offset: true };

/**
 * Attention to a fixed relative position: Aᵢ,ᵢ₊d, mean over the rows whose key at offset d exists and is allowed.
 *
 * From 0 to 1; uniform attention scores mean(1 / K) with K allowed keys in a row. It has a lift. Rows without that key
 * are skipped as `noTarget`, for example the first row, which has no previous token; so a perfect head scores 1.
 * Positions include `queryOffset` and `keyOffset` of the maps.
 *
 * Source: Clark et al. 2019, which divides by all rows.
 *
 * @throws ValueError when `offset` is not an integer, `minKeys` is not an integer ≥ 1, or an option is unknown
 */
export function offsetMass(maps: AttentionMaps, options: OffsetOptions): HeadScores {
  const { offset, ...rows } = checkOptions("offsetMass", options, optionNames);
  return scoreMetric(maps, offsetMetric("offsetMass", maps, offset, rows));
}

/** {@link offsetMass} at −1: attention to the previous token. @throws as {@link offsetMass} */
export function previousTokenMass(maps: AttentionMaps, options: RowOptions = {}): HeadScores {
  return scoreMetric(maps, offsetMetric("previousTokenMass", maps, -1, options));
}

/** {@link offsetMass} at 0: attention of each token to itself. @throws as {@link offsetMass} */
export function selfMass(maps: AttentionMaps, options: RowOptions = {}): HeadScores {
  return scoreMetric(maps, offsetMetric("selfMass", maps, 0, options));
}

/** {@link offsetMass} at 1: attention to the next token. Under a causal mask every row is skipped. @throws as {@link offsetMass} */
export function nextTokenMass(maps: AttentionMaps, options: RowOptions = {}): HeadScores {
  return scoreMetric(maps, offsetMetric("nextTokenMass", maps, 1, options));
}

/**
 * How often a fixed relative position gets the most attention: the fraction of rows whose arg-max is at the offset.
 *
 * From 0 to 1; uniform attention scores mean(1 / K). It has a lift. If n keys tie for the maximum, each counts 1 / n; an extra
 * key may have it too. The same rows as in {@link offsetMass}. Voita et al. 2019 call a head positional from 0.9 on.
 *
 * @throws ValueError when `offset` is not an integer, `minKeys` is not an integer ≥ 1, or an option is unknown
 */
export function offsetArgmaxRate(maps: AttentionMaps, options: OffsetOptions): HeadScores {
  const { offset, ...rows } = checkOptions("offsetArgmaxRate", options, optionNames);
  checkOffset("offsetArgmaxRate", offset);
  return scoreRows("offsetArgmaxRate", maps, rows, "fraction", (row) => {
    const key = keyAtOffset(maps, row, offset);
    return key === null ? null : argmaxCredit(row, key);
  });
}

/** Attention to an offset, under the name of an operation. */
export function offsetMetric(operation: string, maps: AttentionMaps, offset: number, options: RowOptions = {}): RowMetric {
  checkOffset(operation, offset);
  return rowMetric(operation, options, "fraction", (row) => {
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

/** 1 if the key alone has the largest weight, 1 / n if n keys tie, 0 otherwise. */
function argmaxCredit({ probabilities }: Row, key: number): number {
  const top = probabilities.reduce((largest, p) => Math.max(largest, p), 0);
  if (probabilities[key] !== top) return 0;
  return 1 / probabilities.filter((p) => p === top).length;
}
