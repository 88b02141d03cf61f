/** Milliseconds between two questions. */
const pause = 2000;
/** Pauses without an answer until the worker counts as silent. Not a time, because a sleeping machine or a hidden tab skips pauses. */
const patience = 5;

/** Asks again and again whether a worker answers. A busy worker does not, so silence alone does not mean that it is dead. */
export class Heartbeat {
  readonly #ping: () => Promise<void>;
  readonly #onSilent: (isSilent: boolean) => void;
  #timer: ReturnType<typeof setInterval> | undefined;
  #isWaiting = false;
  #missed = 0;

  /** @param onSilent called when the silence begins, and when it ends */
  constructor(ping: () => Promise<void>, onSilent: (isSilent: boolean) => void) {
    this.#ping = ping;
    this.#onSilent = onSilent;
  }

  start(): void {
    this.#timer = setInterval(() => this.#beat(), pause);
  }

  stop(): void {
    clearInterval(this.#timer);
    if (this.#missed >= patience) this.#onSilent(false);
    this.#missed = 0;
  }

  #beat(): void {
    if (!this.#isWaiting) void this.#ask();
    else if (++this.#missed === patience) this.#onSilent(true);
  }

  async #ask(): Promise<void> {
    this.#isWaiting = true;
    await this.#ping();
    this.#isWaiting = false;
    if (this.#missed >= patience) this.#onSilent(false);
    this.#missed = 0;
  }
}
