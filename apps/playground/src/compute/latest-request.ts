/** Runs only the latest request: waits for a pause, runs one request at a time, and drops requests that a newer one replaces. */
export class LatestRequest<Input> {
  readonly #run: (input: Input) => Promise<void>;
  readonly #pause: number;
  #waiting: { input: Input } | undefined;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #running = false;

  /** @param run must not throw @param pause milliseconds to wait for a newer request */
  constructor(run: (input: Input) => Promise<void>, pause: number) {
    this.#run = run;
    this.#pause = pause;
  }

  /** Whether a newer request is waiting. */
  get hasNewer(): boolean {
    return this.#waiting !== undefined;
  }

  request(input: Input, pause: number = this.#pause): void {
    this.#waiting = { input };
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => void this.#next(), pause);
  }

  #runWaiting(): void {
    if (this.#waiting !== undefined) this.request(this.#waiting.input);
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
    this.#runWaiting();
  }
}
