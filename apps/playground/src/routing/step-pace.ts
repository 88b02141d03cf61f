/** Milliseconds after which another change of the same thing is a step of its own. */
const pause = 1000;

/** Tells steps apart: changes of one thing that follow each other closely, for example typed digits, are one step. */
export class StepPace {
  #last: string | undefined;
  #lastAt = 0;

  /** Whether a change of this thing, now, is a new step. */
  isStep(what: string): boolean {
    const now = performance.now();
    const isNew = what !== this.#last || now - this.#lastAt > pause;
    this.#last = what;
    this.#lastAt = now;
    return isNew;
  }

  /** The next change is a new step. */
  rest(): void {
    this.#last = undefined;
  }
}
