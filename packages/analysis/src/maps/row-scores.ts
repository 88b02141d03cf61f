import { checkInteger, checkOptions, describeValue, type OptionNames, refuse, ValueError } from "@tfblocks/tensor-utils";
import type { AttentionMaps } from "./attention-maps.js";
import type { SkippedRows } from "./rows.js";

/** Which rows a metric averages. */
export interface RowOptions {
  /**
   * Skips rows with fewer allowed keys, extra keys included; default 2, because a row with one key has only one possible
   * distribution. Most papers use 1, which includes every row.
   */
  readonly minKeys?: number;
}

export const rowOptionNames: OptionNames<RowOptions> = { minKeys: true };

/** The score of one head: the mean over its rows, pooled over the batch (not the mean of a mean per sequence). */
export interface HeadScore {
  readonly head: number;
  /** Mean of `values`; null when no row was used. */
  readonly score: number | null;
  /** The score of uniform attention over the allowed keys of the same rows. */
  readonly nullScore: number | null;
  /** (score − nullScore) / (1 − nullScore) for metrics whose maximum is 1; null for others and when nullScore is 1. */
  readonly lift: number | null;
  readonly rowsUsed: number;
  readonly skippedRows: SkippedRows;
  /** `[batch · queryLength]`: the value of each row; null for a skipped row. */
  readonly values: readonly (number | null)[];
  /** `[batch · queryLength]`: the value of uniform attention on each row; null for a skipped row. */
  readonly nullValues: readonly (number | null)[];
}

/**
 * What every head metric returns: one score for each head, in the order of the heads. It is plain JSON.
 */
export interface HeadScores<Score = HeadScore> {
  /** The name of the metric, that of its function. */
  readonly metric: string;
  /** Increases when the same maps score differently. */
  readonly version: 1;
  /** The number of sequences: values of rows are `[batch · queryLength]`. */
  readonly batch: number;
  readonly perHead: readonly Score[];
}

/** `"fraction"` if the maximum of a metric is 1, so that it has a lift. */
export type Scale = "fraction" | "unbounded";

/** The scores of the heads, with the name and the version of their metric. */
export function labelled<Score>(metric: string, { batch }: AttentionMaps, perHead: readonly Score[]): HeadScores<Score> {
  return { metric, version: 1, batch, perHead };
}

/** @throws ValueError when `minKeys` is not an integer >= 1, or an option is unknown */
export function checkedMinKeys(operation: string, options: RowOptions): number {
  const { minKeys = 2 } = checkOptions(operation, options, rowOptionNames);
  checkInteger(operation, "minKeys", minKeys, 1);
  return minKeys;
}

/** The heads to score. @throws ValueError when the maps are something else, for example a tensor or a promise of maps */
export function headIndices(operation: string, maps: AttentionMaps): number[] {
  if (ArrayBuffer.isView(maps?.rowSums)) return Array.from({ length: maps.heads }, (_, head) => head);
  return refuse(
    ValueError,
    operation,
    "maps",
    "attention maps",
    describeValue(maps),
    "make them with attentionMaps(...) or await readAttention(weights, { mask })",
  );
}

/** Collects the values of the rows of one head. */
export class RowTally {
  readonly #queryLength: number;
  readonly #values: (number | null)[];
  readonly #nullValues: (number | null)[];
  readonly #skipped: Record<keyof SkippedRows, number> = { paddedQuery: 0, noAllowedKey: 0, fewKeys: 0, noTarget: 0 };

  constructor({ batch, queryLength }: AttentionMaps) {
    this.#queryLength = queryLength;
    this.#values = Array.from({ length: batch * queryLength }, () => null);
    this.#nullValues = Array.from({ length: batch * queryLength }, () => null);
  }

  add(batch: number, query: number, value: number, nullValue: number): void {
    this.#values[batch * this.#queryLength + query] = value;
    this.#nullValues[batch * this.#queryLength + query] = nullValue;
  }

  skip(reason: keyof SkippedRows): void {
    this.#skipped[reason]++;
  }

  score(head: number, scale: Scale): HeadScore {
    const [values, nullValues, skippedRows] = [this.#values, this.#nullValues, this.#skipped];
    const score = meanOf(values);
    const nullScore = meanOf(nullValues);
    const rowsUsed = values.filter((value) => value !== null).length;
    const lift = scale === "fraction" ? liftOver(score, nullScore) : null;
    return { head, score, nullScore, lift, rowsUsed, skippedRows, values, nullValues };
  }
}

/** The mean of the numbers in a list with nulls; null when the list has no number. */
export function meanOf(values: readonly (number | null)[]): number | null {
  let sum = 0;
  let count = 0;
  for (const value of values) {
    if (value === null) continue;
    sum += value;
    count++;
  }
  return count === 0 ? null : sum / count;
}

/** (score − nullScore) / (1 − nullScore): 0 for uniform attention, 1 at the maximum; null when nullScore is 1. */
export function liftOver(score: number | null, nullScore: number | null): number | null {
  // A nullScore of 1 is a sum of reciprocals, so rounding may move it away from 1.
  if (score === null || nullScore === null || 1 - nullScore < 1e-9) return null;
  return (score - nullScore) / (1 - nullScore);
}
