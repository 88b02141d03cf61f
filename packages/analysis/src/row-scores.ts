import { checkInteger, describeValue, refuse, ValueError } from "@tfblocks/tensor-utils";
import { rowStart } from "./allowed-keys.js";
import { type AttentionMaps, rowIndex } from "./attention-maps.js";

/** Which rows a metric averages. */
export interface RowOptions {
  /**
   * Rows with fewer allowed keys are left out; default 2, because a row with one key has only one possible
   * distribution. 1 takes every row, as most papers do.
   */
  readonly minKeys?: number;
}

/** Rows that do not enter a score, counted by the first reason that holds. */
export interface SkippedRows {
  /** `queryKeep` says that the query is padding. */
  readonly paddedQuery: number;
  /** The mask allows no key. */
  readonly noAllowedKey: number;
  /** The mask allows fewer than `minKeys` keys. */
  readonly fewKeys: number;
  /** The metric is not defined on the row, such as the previous token of the first one. */
  readonly noTarget: number;
}

/** The score of one head: the mean of its rows, pooled over the batch (not a mean of means per sequence). */
export interface HeadScore {
  readonly head: number;
  /** Mean of `values`; null when no row was used. */
  readonly score: number | null;
  /** The same score of uniform attention over the allowed keys of the same rows. */
  readonly nullScore: number | null;
  /** (score − nullScore) / (1 − nullScore), for scores whose maximum is 1; null elsewhere and where nullScore is 1. */
  readonly lift: number | null;
  readonly rowsUsed: number;
  readonly skippedRows: SkippedRows;
  /** `[batch · queryLength]`, one value a row; null where the row was skipped. */
  readonly values: readonly (number | null)[];
  /** `[batch · queryLength]`, the value of uniform attention on the same row. */
  readonly nullValues: readonly (number | null)[];
}

/** What every head metric returns: one score a head, in head order. */
export interface HeadScores<Score = HeadScore> {
  readonly perHead: readonly Score[];
}

/** A row as a distribution: probabilities sum to 1 over the allowed keys and are 0 elsewhere. */
export interface Row {
  readonly batch: number;
  readonly query: number;
  readonly keyCount: number;
  readonly probabilities: Float64Array;
  readonly allowed: Uint8Array;
}

/** A value of one row; null where the metric is not defined. */
export type RowMeasure = (row: Row) => number | null;

/** Whether a metric's maximum is 1, so that a lift over the null says something. */
export type Scale = "share" | "unbounded";

/** Scores every head by a measure of its rows; the null is the same measure of the uniform row. */
export function scoreRows(operation: string, maps: AttentionMaps, options: RowOptions, scale: Scale, measure: RowMeasure): HeadScores {
  const minKeys = checkedMinKeys(operation, options);
  return { perHead: headIndices(operation, maps).map((head) => scoreHead(maps, head, minKeys, scale, measure)) };
}

export function checkedMinKeys(operation: string, { minKeys = 2 }: RowOptions): number {
  checkInteger(operation, "minKeys", minKeys, 1);
  return minKeys;
}

/** The heads to score. What is no attention maps, such as a tensor or a promise of maps, would have none. */
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

function scoreHead(maps: AttentionMaps, head: number, minKeys: number, scale: Scale, measure: RowMeasure): HeadScore {
  const tally = new RowTally(maps);
  for (let batch = 0; batch < maps.batch; batch++) {
    for (let query = 0; query < maps.queryLength; query++) {
      const skip = skipReason(maps, batch, head, query, minKeys);
      if (skip !== undefined) {
        tally.skip(skip);
        continue;
      }
      const row = readRow(maps, batch, head, query);
      const value = measure(row);
      if (value === null) tally.skip("noTarget");
      else tally.add(batch, query, value, measure(uniformRow(row))!);
    }
  }
  return tally.score(head, scale);
}

export function skipReason(
  maps: AttentionMaps,
  batch: number,
  head: number,
  query: number,
  minKeys: number,
): keyof SkippedRows | undefined {
  if (maps.queryKeep[batch * maps.queryLength + query] === 0) return "paddedQuery";
  const keyCount = maps.keyCounts[rowIndex(maps, batch, head, query)]!;
  if (keyCount === 0) return "noAllowedKey";
  return keyCount < minKeys ? "fewKeys" : undefined;
}

export function readRow(maps: AttentionMaps, batch: number, head: number, query: number): Row {
  const { weights, keyLength, keyCounts, rowSums } = maps;
  const index = rowIndex(maps, batch, head, query);
  const start = rowStart(maps.allowed, batch, head, query);
  const allowed = maps.allowed.data.subarray(start, start + keyLength);
  const probabilities = Float64Array.from(allowed, (isAllowed, key) =>
    isAllowed === 0 ? 0 : weights[index * keyLength + key]! / rowSums[index]!,
  );
  return { batch, query, keyCount: keyCounts[index]!, probabilities, allowed };
}

export function uniformRow(row: Row): Row {
  return { ...row, probabilities: Float64Array.from(row.allowed, (isAllowed) => (isAllowed === 0 ? 0 : 1 / row.keyCount)) };
}

/** Collects the rows of one head into its score. */
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
    const lift = scale === "share" ? liftOver(score, nullScore) : null;
    return { head, score, nullScore, lift, rowsUsed, skippedRows, values, nullValues };
  }
}

/** Mean of the numbers in a list with gaps; null when there are none. */
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

/** (score − nullScore) / (1 − nullScore): 0 at the null, 1 at the maximum; null when the null is itself the maximum. */
export function liftOver(score: number | null, nullScore: number | null): number | null {
  // A null of 1 is a sum of reciprocals, so it may miss 1 by rounding.
  if (score === null || nullScore === null || 1 - nullScore < 1e-9) return null;
  return (score - nullScore) / (1 - nullScore);
}
