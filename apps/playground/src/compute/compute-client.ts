import { type ReadonlySignal, type Signal, signal } from "@preact/signals";
import type { WasmInfo } from "@tfblocks/wasm";
import { explainStart, type StartFailure } from "./explain-start.js";
import { type LifeCalls, type OpenWorker, WorkerLife } from "./worker-life.js";
import { WorkerLost } from "./worker-lost.js";

/** The number of workers that may be lost soon after their start before the page gives up. */
const maxQuickLosses = 3;
/** Milliseconds after which a worker is not lost "soon". */
const soon = 60_000;

/** Why a worker ended whose memory had run out. */
export const shortOfMemory = "there was not enough memory";

/** The state of the worker. */
export type ComputeState =
  | { readonly phase: "starting" }
  /** `lost` tells why the worker before this one ended: a clause without a full stop. */
  | { readonly phase: "ready"; readonly info: WasmInfo; readonly lost: string | undefined }
  | { readonly phase: "failed"; readonly failure: StartFailure };

/** The page's side of the compute worker. A worker that is lost is replaced by a new one. */
export interface Compute<Calls = unknown> {
  readonly state: ReadonlySignal<ComputeState>;
  /** Whether the worker has been too busy to answer for some seconds. */
  readonly isSilent: ReadonlySignal<boolean>;
  /**
   * The functions of the worker that runs, or of the next one that does; rejects when none can start. Their promises reject with
   * `WorkerLost` when the worker is lost; `askAgain` then makes the call once more.
   */
  readonly calls: Promise<Calls>;
  /**
   * Calls a listener with each worker that starts from now on, before anybody else can use it: what the worker before was given is
   * given again. @returns a function that stops this
   */
  onStart(listener: (calls: Calls) => Promise<void> | void): () => void;
  /** Ends the worker, if there is one, and starts another. */
  restart(): void;
}

/** Keeps a worker running. */
export class ComputeClient<Calls extends LifeCalls> implements Compute<Calls> {
  readonly state: Signal<ComputeState> = signal({ phase: "starting" });
  readonly isSilent: Signal<boolean> = signal(false);
  readonly #open: () => OpenWorker<Calls>;
  readonly #onProblem: (message: string) => void;
  readonly #listeners = new Set<(calls: Calls) => Promise<void> | void>();
  #calls = deferred<Calls>();
  #life: WorkerLife<Calls> | undefined;
  #lost: string | undefined;
  #quickLosses = 0;
  #readyAt = Infinity;

  /** @param onProblem called with each error that no call of the worker has caught */
  constructor(open: () => OpenWorker<Calls>, onProblem: (message: string) => void) {
    this.#open = open;
    this.#onProblem = onProblem;
    void this.#begin();
  }

  get calls(): Promise<Calls> {
    return this.#calls.promise;
  }

  onStart(listener: (calls: Calls) => Promise<void> | void): () => void {
    this.#listeners.add(listener);
    return () => void this.#listeners.delete(listener);
  }

  restart(): void {
    this.#quickLosses = 0;
    if (this.state.value.phase === "failed") {
      this.#lost = undefined;
      void this.#begin();
    } else this.#life?.end("it was stopped");
  }

  async #begin(): Promise<void> {
    if (this.state.value.phase !== "starting") this.#calls = deferred();
    this.state.value = { phase: "starting" };
    this.#readyAt = Infinity;
    try {
      const life = new WorkerLife(this.#open(), {
        onLost: (reason) => this.#replace(reason),
        onSilent: (isSilent) => (this.isSilent.value = isSilent),
        onShortage: () => this.#freeMemory(),
        onProblem: this.#onProblem,
      });
      this.#life = life;
      const info = await life.start();
      await this.#tellListeners(life.calls);
      this.#readyAt = performance.now();
      this.state.value = { phase: "ready", info, lost: this.#lost };
      this.#calls.resolve(life.calls);
    } catch (error) {
      if (!(error instanceof WorkerLost)) this.#fail(explainStart(error)); // a lost worker has been replaced already
    }
  }

  /** Starts another worker in place of a lost one, unless too many are lost soon after their start. */
  #replace(reason: string): void {
    this.#lost = reason;
    this.#quickLosses = performance.now() - this.#readyAt > soon ? 1 : this.#quickLosses + 1;
    if (this.#quickLosses < maxQuickLosses) void this.#begin();
    else this.#fail(tooManyLosses(reason));
  }

  /** Starts another worker, because a heap of WebAssembly never shrinks. What failed is asked once more at most, so this does not count. */
  #freeMemory(): void {
    if (this.state.value.phase !== "ready") return; // what failed is the start
    this.#quickLosses = 0;
    this.#life?.end(shortOfMemory);
  }

  #fail(failure: StartFailure): void {
    if (this.state.value.phase !== "starting") this.#calls = deferred();
    this.state.value = { phase: "failed", failure };
    this.#calls.reject(new Error(failure.sentence));
  }

  async #tellListeners(calls: Calls): Promise<void> {
    await Promise.all(
      [...this.#listeners].map(async (listener) => {
        try {
          await listener(calls);
        } catch (error) {
          if (error instanceof WorkerLost) throw error;
          this.#onProblem(String(error));
        }
      }),
    );
  }
}

function tooManyLosses(reason: string): StartFailure {
  return {
    sentence: `The part of the page that computes has stopped ${maxQuickLosses} times in a row, so it was not started again.`,
    advice: "Your text and settings are kept. Take a shorter text or a smaller model, close other tabs, and start it again.",
    detail: `The last time ${reason}.`,
  };
}

interface Deferred<Value> {
  readonly promise: Promise<Value>;
  readonly resolve: (value: Value) => void;
  readonly reject: (error: Error) => void;
}

/** A promise that is settled from outside; nobody has to wait for it. */
function deferred<Value>(): Deferred<Value> {
  let settle: Pick<Deferred<Value>, "resolve" | "reject">;
  const promise = new Promise<Value>((resolve, reject) => (settle = { resolve, reject }));
  promise.catch(() => {});
  return { promise, ...settle! };
}
