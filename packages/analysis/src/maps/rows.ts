import { rowStart } from "./allowed-keys.js";
import type { AttentionMaps } from "./attention-maps.js";
import { rowIndex } from "./row-index.js";

/** The numbers of rows that a score skips, by the first reason that applies. */
export interface SkippedRows {
  /** The query is padding, according to `queryKeep`. */
  readonly paddedQuery: number;
  /** The mask allows no key. */
  readonly noAllowedKey: number;
  /** The mask allows fewer than `minKeys` keys. */
  readonly fewKeys: number;
  /** The metric is undefined on the row, for example the previous token of the first row. */
  readonly noTarget: number;
}

/** A row as a distribution: probabilities sum to 1 over the allowed and extra keys, and are 0 elsewhere. */
export interface Row {
  readonly batch: number;
  readonly query: number;
  /** The number of allowed and extra keys. */
  readonly keyCount: number;
  /** `[keyLength + extraKeys]` */
  readonly probabilities: Float64Array;
  /** `[keyLength]` */
  readonly allowed: Uint8Array;
  /** The index after the last allowed key: from here on, keys are masked. */
  readonly keyEnd: number;
}

/** Why a row is not scored; undefined if it is. */
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
  return new RowReader(maps).read(batch, head, query);
}

export function uniformRow(row: Row): Row {
  return { ...row, probabilities: fillUniform(row, new Float64Array(row.probabilities.length)) };
}

/** The keys of a row that may be attended to. */
export interface RowKeys extends Pick<Row, "allowed" | "keyEnd"> {
  /** How many keys are allowed, without extra keys. */
  readonly count: number;
}

/** Finds the keys of rows; heads with the same mask share the keys of a query. */
export class RowKeysReader {
  readonly #maps: AttentionMaps;
  #start = -1;
  #keys: RowKeys = { allowed: new Uint8Array(), keyEnd: 0, count: 0 };

  constructor(maps: AttentionMaps) {
    this.#maps = maps;
  }

  read(batch: number, head: number, query: number): RowKeys {
    const { allowed, keyLength } = this.#maps;
    const start = rowStart(allowed, batch, head, query);
    if (start !== this.#start) {
      this.#start = start;
      this.#keys = keysOf(allowed.data.subarray(start, start + keyLength));
    }
    return this.#keys;
  }
}

function keysOf(allowed: Uint8Array): RowKeys {
  let [keyEnd, count] = [0, 0];
  for (let key = 0; key < allowed.length; key++) {
    if (allowed[key] === 0) continue;
    keyEnd = key + 1;
    count++;
  }
  return { allowed, keyEnd, count };
}

/** Reads one row after the other into the same array: a row is valid until the next one is read, and so is its uniform row. */
export class RowReader {
  readonly #maps: AttentionMaps;
  readonly #keys: RowKeysReader;
  readonly #probabilities: Float64Array;
  readonly #uniform: Float64Array;

  constructor(maps: AttentionMaps) {
    this.#maps = maps;
    this.#keys = new RowKeysReader(maps);
    this.#probabilities = new Float64Array(maps.keyLength + maps.extraKeys.length);
    this.#uniform = new Float64Array(this.#probabilities.length);
  }

  read(batch: number, head: number, query: number): Row {
    const { weights, keyLength, keyCounts, rowSums, extraKeys, extraWeights } = this.#maps;
    const index = rowIndex(this.#maps, batch, head, query);
    const { allowed, keyEnd } = this.#keys.read(batch, head, query);
    const probabilities = this.#probabilities.fill(0);
    const sum = rowSums[index]!;
    for (let key = 0; key < keyEnd; key++) {
      if (allowed[key] !== 0) probabilities[key] = weights[index * keyLength + key]! / sum;
    }
    for (let extra = 0; extra < extraKeys.length; extra++) {
      probabilities[keyLength + extra] = extraWeights[index * extraKeys.length + extra]! / sum;
    }
    return { batch, query, keyCount: keyCounts[index]!, probabilities, allowed, keyEnd };
  }

  /** Uniform attention over the keys of a row. */
  uniform(row: Row): Row {
    return { ...row, probabilities: fillUniform(row, this.#uniform) };
  }
}

function fillUniform({ allowed, keyCount, keyEnd }: Row, probabilities: Float64Array): Float64Array {
  probabilities.fill(1 / keyCount);
  probabilities.fill(0, keyEnd, allowed.length);
  for (let key = 0; key < keyEnd; key++) if (allowed[key] === 0) probabilities[key] = 0;
  return probabilities;
}
