import { batch, type Signal, signal } from "@preact/signals";
import { LatestRequest } from "./latest-request.js";
import { type Failure, type Outcome, sentenceOf } from "./outcome.js";
import { Task } from "./task.js";
import { TooLate } from "./too-late.js";
import { askAgain } from "./worker-lost.js";

/** A result and what was asked for it. */
export interface Answered<Input, Result> {
  readonly input: Input;
  readonly result: Result;
}

/** Asks the worker; no outcome, or an outcome without a result, after a cancel. */
type Ask<Input, Result> = (input: Input, task: Task) => Promise<Outcome<Result | undefined> | undefined>;

/** The latest result of a call of the worker. The old result stays until the new one is there; a newer request cancels an older one. */
export class LiveResult<Input, Result> {
  readonly answered: Signal<Answered<Input, Result> | undefined> = signal();
  /** Why there is no result for the latest request. */
  readonly failure: Signal<Failure | undefined> = signal();
  readonly busy: Signal<boolean> = signal(false);
  /** What runs now. */
  readonly task: Signal<Task | undefined> = signal();
  /** Whether the reader cancelled the latest request. */
  readonly isCancelled: Signal<boolean> = signal(false);
  readonly #ask: Ask<Input, Result>;
  readonly #requests: LatestRequest<Input>;
  #latest: Input | undefined;

  /** @param pause milliseconds to wait for a newer request */
  constructor(ask: Ask<Input, Result>, pause = 0) {
    this.#ask = ask;
    this.#requests = new LatestRequest((input) => this.#run(input), pause);
  }

  request(input: Input): void {
    this.#latest = input;
    this.task.peek()?.cancel();
    batch(() => {
      this.busy.value = true;
      this.isCancelled.value = false;
    });
    this.#requests.request(input);
  }

  /** Stops what runs, for the reader. */
  cancel(): void {
    this.task.peek()?.cancel();
    this.isCancelled.value = true;
  }

  /** Asks for the same once more, after a cancel or a failure. */
  again(): void {
    if (this.#latest !== undefined) this.request(this.#latest);
  }

  /** Forgets the result and stops what runs. */
  clear(): void {
    this.#latest = undefined;
    this.task.peek()?.cancel();
    batch(() => {
      this.answered.value = undefined;
      this.failure.value = undefined;
      this.busy.value = false;
      this.isCancelled.value = false;
    });
  }

  async #run(input: Input): Promise<void> {
    if (this.#latest !== input) return;
    const task = new Task();
    this.task.value = task;
    const outcome = await this.#outcome(input, task);
    batch(() => {
      this.task.value = undefined;
      if (this.#latest !== input) return; // a newer request follows, or nobody wants the result
      this.busy.value = false;
      if (outcome === undefined) return;
      this.failure.value = outcome.ok ? undefined : outcome.failure;
      if (outcome.ok && outcome.result !== undefined) this.answered.value = { input, result: outcome.result };
    });
  }

  async #outcome(input: Input, task: Task): Promise<Outcome<Result | undefined> | undefined> {
    try {
      return await askAgain(() => this.#ask(input, task));
    } catch (error) {
      if (error instanceof TooLate) return undefined;
      return { ok: false, failure: { field: "model", sentence: sentenceOf(error) } };
    }
  }
}
