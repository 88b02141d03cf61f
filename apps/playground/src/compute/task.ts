import { type ReadonlySignal, signal } from "@preact/signals";
import { proxy } from "comlink";

/** How far a task is; `total` 0 means unknown. */
export interface TaskProgress {
  /** What is being done, for the reader: "Reading weights". */
  readonly what: string;
  readonly done: number;
  readonly total: number;
}

/** The worker's side of a task. */
export interface TaskPort {
  /**
   * Reports progress and tells whether to continue; call it every 50 ms or so. The worker answers other calls meanwhile.
   *
   * @returns false after a cancel: stop, free everything, and return undefined
   */
  step(what: string, done: number, total: number): Promise<boolean>;
}

/** A call of the worker that takes long: the page sees its progress and can cancel it. */
export class Task {
  readonly #progress = signal<TaskProgress | undefined>();
  #isCancelled = false;
  /** To be passed to the worker. */
  readonly port: TaskPort = proxy({
    step: async (what: string, done: number, total: number) => {
      this.#progress.value = { what, done, total };
      return !this.#isCancelled;
    },
  });

  /** Undefined before the first report. */
  get progress(): ReadonlySignal<TaskProgress | undefined> {
    return this.#progress;
  }

  get isCancelled(): boolean {
    return this.#isCancelled;
  }

  /** The worker stops at its next step. */
  cancel(): void {
    this.#isCancelled = true;
  }
}
