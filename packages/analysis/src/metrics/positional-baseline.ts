/** The accuracy of always choosing the word at one distance. */
export interface PositionalBaseline {
  /** Chosen word − attending word. */
  readonly offset: number;
  /** The fraction of rows whose word at the offset is a target. */
  readonly score: number;
}

/** Counts at which offsets the targets of rows are. */
export class OffsetCounts {
  readonly #hits = new Map<number, number>();
  #rows = 0;

  /** @param offsets the different offsets of the targets of one row */
  add(offsets: readonly number[]): void {
    this.#rows++;
    for (const offset of offsets) this.#hits.set(offset, (this.#hits.get(offset) ?? 0) + 1);
  }

  /** The offset with the most hits, of several the nearest, the earlier word first; null without rows. */
  best(): PositionalBaseline | null {
    const ranked = [...this.#hits].toSorted(([a, hitsOfA], [b, hitsOfB]) => hitsOfB - hitsOfA || Math.abs(a) - Math.abs(b) || a - b);
    const [first] = ranked;
    return first === undefined ? null : { offset: first[0], score: first[1] / this.#rows };
  }
}
