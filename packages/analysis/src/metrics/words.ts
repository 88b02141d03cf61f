import type { AttentionMaps } from "../maps/attention-maps.js";
import { readRow, type Row, type SkippedRows, skipReason } from "../maps/rows.js";

/** The words of a sequence: tokens that belong together. */
export interface Words {
  readonly count: number;
  /** `[keyLength]`: the word of each key; negative for tokens of no word, such as separators. */
  readonly wordOf: ArrayLike<number>;
}

/** A row of words: attention to a word is the sum over its tokens, and attention from a word the mean over its tokens. */
export interface WordRow {
  readonly word: number;
  /** `[words]`; attention to tokens of no word and to extra keys is missing. */
  readonly probabilities: Float64Array;
  /** `[words]`: 1 where some token of the word may attend to some token of the other. */
  readonly allowed: Uint8Array;
}

/** Every token as a word of its own. */
export function tokensAsWords(keyLength: number): Words {
  return { count: keyLength, wordOf: Int32Array.from({ length: keyLength }, (_, key) => key) };
}

/** The queries of each word, in their order. */
export function queriesOfWords(maps: AttentionMaps, { count, wordOf }: Words): readonly (readonly number[])[] {
  const queries: number[][] = Array.from({ length: count }, () => []);
  for (let query = 0; query < maps.queryLength; query++) {
    const word = wordOf[query + maps.queryOffset - maps.keyOffset];
    if (word !== undefined && word >= 0) queries[word]!.push(query);
  }
  return queries;
}

/** The rows of a word that can be read, or why none can. */
export function rowsOfWord(
  maps: AttentionMaps,
  place: { readonly batch: number; readonly head: number },
  queries: readonly number[],
  minKeys: number,
): readonly Row[] | keyof SkippedRows {
  const { batch, head } = place;
  const skips = queries.map((query) => skipReason(maps, batch, head, query, minKeys));
  const used = queries.filter((_, index) => skips[index] === undefined);
  if (used.length === 0) return skips[0] ?? "noTarget";
  return used.map((query) => readRow(maps, batch, head, query));
}

/** The row of a word from the rows of its tokens. */
export function wordRow(word: number, rows: readonly Row[], { count, wordOf }: Words): WordRow {
  const [probabilities, allowed] = [new Float64Array(count), new Uint8Array(count)];
  for (const row of rows) {
    for (let key = 0; key < row.allowed.length; key++) {
      const target = wordOf[key]!;
      if (row.allowed[key] === 0 || target < 0) continue;
      probabilities[target]! += row.probabilities[key]! / rows.length;
      allowed[target] = 1;
    }
  }
  return { word, probabilities, allowed };
}
