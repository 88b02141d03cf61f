import { type CountedPair, PairHeap, pairKey } from "./pair-heap.js";

/** A word as token ids, and the number of its occurrences in the texts. */
export interface CountedWord {
  ids: number[];
  readonly count: number;
}

/** Counts the occurrences of each pair of neighbours in the words, and updates the counts when pairs are merged. */
export class PairTable {
  readonly #words: readonly CountedWord[];
  readonly #counts = new Map<number, number>();
  readonly #wordsWith = new Map<number, Set<number>>();
  readonly #heap = new PairHeap();

  constructor(words: readonly CountedWord[]) {
    this.#words = words;
    for (const [word, { ids, count }] of words.entries()) {
      for (let at = 1; at < ids.length; at++) this.#add(pairKey(ids[at - 1]!, ids[at]!), count, word);
    }
    for (const [key, count] of this.#counts) this.#heap.push({ key, count });
  }

  /** Removes and returns the most frequent pair; undefined if it occurs less often than `minFrequency`. */
  popMostFrequent(minFrequency: number): CountedPair | undefined {
    for (;;) {
      const top = this.#heap.pop();
      if (top === undefined) return undefined;
      const count = this.#counts.get(top.key) ?? 0;
      if (count !== top.count) {
        if (count > 0) this.#heap.push({ key: top.key, count }); // merges have reduced its count since it was pushed
      } else return count < minFrequency ? undefined : top;
    }
  }

  /** Replaces a pair with one token in every word. */
  merge(key: number, first: number, second: number, merged: number): void {
    const words = this.#wordsWith.get(key) ?? new Set();
    const grown = new Set<number>();
    for (const word of words) this.#mergeIn(word, first, second, merged, grown);
    this.#wordsWith.delete(key);
    this.#counts.delete(key);
    grown.delete(key);
    for (const each of grown) this.#heap.push({ key: each, count: this.#counts.get(each)! });
  }

  #mergeIn(index: number, first: number, second: number, merged: number, grown: Set<number>): void {
    const word = this.#words[index]!;
    const { ids, count } = word;
    const next: number[] = [];
    for (let at = 0; at < ids.length; at++) {
      if (ids[at] !== first || ids[at + 1] !== second) {
        next.push(ids[at]!);
        continue;
      }
      const before = next.at(-1);
      const after = ids[at + 2];
      if (before !== undefined) this.#replace(pairKey(before, first), pairKey(before, merged), count, index, grown);
      if (after !== undefined) this.#replace(pairKey(second, after), pairKey(merged, after), count, index, grown);
      next.push(merged);
      at++;
    }
    word.ids = next;
  }

  #replace(oldKey: number, newKey: number, count: number, word: number, grown: Set<number>): void {
    this.#counts.set(oldKey, (this.#counts.get(oldKey) ?? 0) - count);
    this.#add(newKey, count, word);
    grown.add(newKey);
  }

  #add(key: number, count: number, word: number): void {
    this.#counts.set(key, (this.#counts.get(key) ?? 0) + count);
    const words = this.#wordsWith.get(key);
    if (words === undefined) this.#wordsWith.set(key, new Set([word]));
    else words.add(word);
  }
}
