import { type CountedPair, PairHeap, pairKey } from "./pair-heap.js";

/** A word as token ids, and how often it stands in the texts. */
export interface CountedWord {
  ids: number[];
  readonly count: number;
}

/** How often each pair of neighbours stands in the words, kept right while pairs are merged. */
export class PairTable {
  readonly #words: readonly CountedWord[];
  readonly #counts = new Map<number, number>();
  readonly #places = new Map<number, Set<number>>();
  readonly #heap = new PairHeap();

  constructor(words: readonly CountedWord[]) {
    this.#words = words;
    for (const [place, { ids, count }] of words.entries()) {
      for (let at = 1; at < ids.length; at++) this.#add(pairKey(ids[at - 1]!, ids[at]!), count, place);
    }
    for (const [key, count] of this.#counts) this.#heap.push({ key, count });
  }

  /** Takes out the most frequent pair that stands at least so often. */
  popMostFrequent(minFrequency: number): CountedPair | undefined {
    for (;;) {
      const top = this.#heap.pop();
      if (top === undefined) return undefined;
      const count = this.#counts.get(top.key) ?? 0;
      if (count !== top.count) {
        if (count > 0) this.#heap.push({ key: top.key, count }); // it has lost some since it was put in
      } else return count < minFrequency ? undefined : top;
    }
  }

  /** Puts one token in the place of a pair, in every word. */
  merge(key: number, first: number, second: number, merged: number): void {
    const places = this.#places.get(key) ?? new Set();
    const grown = new Set<number>();
    for (const place of places) this.#mergeIn(place, first, second, merged, grown);
    this.#places.delete(key);
    this.#counts.delete(key);
    grown.delete(key);
    for (const each of grown) this.#heap.push({ key: each, count: this.#counts.get(each)! });
  }

  #mergeIn(place: number, first: number, second: number, merged: number, grown: Set<number>): void {
    const word = this.#words[place]!;
    const { ids, count } = word;
    const next: number[] = [];
    for (let at = 0; at < ids.length; at++) {
      if (ids[at] !== first || ids[at + 1] !== second) {
        next.push(ids[at]!);
        continue;
      }
      const before = next.at(-1);
      const after = ids[at + 2];
      if (before !== undefined) this.#replace(pairKey(before, first), pairKey(before, merged), count, place, grown);
      if (after !== undefined) this.#replace(pairKey(second, after), pairKey(merged, after), count, place, grown);
      next.push(merged);
      at++;
    }
    word.ids = next;
  }

  #replace(lost: number, won: number, count: number, place: number, grown: Set<number>): void {
    this.#counts.set(lost, (this.#counts.get(lost) ?? 0) - count);
    this.#add(won, count, place);
    grown.add(won);
  }

  #add(key: number, count: number, place: number): void {
    this.#counts.set(key, (this.#counts.get(key) ?? 0) + count);
    const places = this.#places.get(key);
    if (places === undefined) this.#places.set(key, new Set([place]));
    else places.add(place);
  }
}
