/** Runs the newest request only: waits for a pause, never runs two at once, skips what was overtaken while waiting. */
export class LatestRequest<Input> {
  readonly #run: (input: Input) => Promise<void>;
  readonly #pause: number;
  #waiting: { input: Input } | undefined;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #running = false;

  /** @param run handles its own failures @param pause milliseconds without a new request before one runs */
  constructor(run: (input: Input) => Promise<void>, pause: number) {
    this.#run = run;
    this.#pause = pause;
  }

  /** Whether a newer request than the one running waits. */
  get overtaken(): boolean {
    return this.#waiting !== undefined;
  }

  ask(input: Input, pause: number = this.#pause): void {
    this.#waiting = { input };
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => void this.#next(), pause);
  }

  #follow(): void {
    if (this.#waiting !== undefined) this.ask(this.#waiting.input);
  }

  async #next(): Promise<void> {
    const next = this.#waiting;
    if (this.#running || next === undefined) return;
    this.#waiting = undefined;
    this.#running = true;
    try {
      await this.#run(next.input);
    } finally {
      this.#running = false;
    }
    this.#follow();
  }
}
