/** A pair of ids as one number, ordered by the first id, then by the second. */
export const pairKey = (first: number, second: number): number => first * 2 ** 26 + second;

/** The ids of a {@link pairKey}. */
export const pairOf = (key: number): [first: number, second: number] => [Math.floor(key / 2 ** 26), key % 2 ** 26];

/** A pair and the number of its occurrences when it was pushed. */
export interface CountedPair {
  readonly key: number;
  readonly count: number;
}

/** A binary heap: the most frequent pair is first; among equally frequent pairs, the one with the smallest key. */
export class PairHeap {
  readonly #pairs: CountedPair[] = [];

  push(pair: CountedPair): void {
    let at = this.#pairs.push(pair) - 1;
    while (at > 0) {
      const parent = (at - 1) >> 1;
      if (!isBefore(pair, this.#pairs[parent]!)) break;
      this.#pairs[at] = this.#pairs[parent]!;
      at = parent;
    }
    this.#pairs[at] = pair;
  }

  pop(): CountedPair | undefined {
    const [top, last] = [this.#pairs[0], this.#pairs.pop()];
    if (last !== undefined && this.#pairs.length > 0) this.#sink(last);
    return top;
  }

  #sink(pair: CountedPair): void {
    const pairs = this.#pairs;
    let at = 0;
    for (;;) {
      const left = 2 * at + 1;
      const child = left + 1 < pairs.length && isBefore(pairs[left + 1]!, pairs[left]!) ? left + 1 : left;
      if (child >= pairs.length || !isBefore(pairs[child]!, pair)) break;
      pairs[at] = pairs[child]!;
      at = child;
    }
    pairs[at] = pair;
  }
}

function isBefore(a: CountedPair, b: CountedPair): boolean {
  return a.count !== b.count ? a.count > b.count : a.key < b.key;
}
