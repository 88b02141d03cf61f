const measured = 40;

/** How long a training takes: medians of the last steps and records, so that one during which the tab was frozen does not count. */
export class Pace {
  readonly #recordEvery: number;
  readonly #steps: number[] = [];
  readonly #records: number[] = [];
  #last: number | undefined;

  /** @param recordEvery steps from one record to the next */
  constructor(recordEvery: number) {
    this.#recordEvery = recordEvery;
  }

  /** @param now milliseconds at the end of a step */
  addStep(now: number): void {
    this.#add(this.#steps, now);
  }

  /** @param now milliseconds at the end of what is measured after a step */
  addRecord(now: number): void {
    this.#add(this.#records, now);
  }

  /** A step with its share of a record; 0 before the second step. */
  get secondsPerStep(): number {
    return (median(this.#steps) + median(this.#records) / this.#recordEvery) / 1000;
  }

  #add(times: number[], now: number): void {
    if (this.#last !== undefined) times.push(now - this.#last);
    if (times.length > measured) times.shift();
    this.#last = now;
  }
}

function median(times: readonly number[]): number {
  const sorted = times.toSorted((a, b) => a - b);
  return sorted[sorted.length >> 1] ?? 0;
}
