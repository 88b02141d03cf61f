import type { WasmInfo } from "@tfblocks/wasm";
import { Heartbeat } from "./heartbeat.js";
import { watchLock } from "./life-lock.js";
import { PendingCalls } from "./pending-calls.js";
import { withTimeout } from "./with-timeout.js";
import { WorkerLost } from "./worker-lost.js";

/** Milliseconds to wait for the backend: it usually starts within a second, but a slow network needs more. */
const startTimeout = 60_000;
/** Milliseconds to wait for the first sign of life, which needs only a small file. */
const firstSignTimeout = 15_000;

const trapped = "a computation broke off inside WebAssembly";
const ended = "the browser ended the part of the page that computes";

/** What every worker serves for its own life. */
export interface LifeCalls {
  start(): Promise<WasmInfo>;
  /** Answers as soon as the worker has time. */
  ping(): Promise<void>;
}

/** A worker that has been opened. It posts whether it holds its lock, and then that it serves its functions. */
export interface OpenWorker<Calls> {
  readonly worker: Worker;
  readonly calls: Calls;
  /** The name of the lock that it holds for its life, where there are locks. */
  readonly lock: string;
}

/** What the owner of a worker hears. */
interface LifeEvents {
  /** The worker is gone; `reason` is a clause without a full stop. Called at most once, before the waiting calls are rejected. */
  readonly onLost: (reason: string) => void;
  /** Whether the worker has been too busy to answer for some seconds. */
  readonly onSilent: (isSilent: boolean) => void;
  /** A call failed because memory ran out; the worker lives on. */
  readonly onShortage: () => void;
  /** An error that no call has caught; the worker lives on. */
  readonly onProblem: (message: string) => void;
}

/** One worker, from its opening to its end. */
export class WorkerLife<Calls extends LifeCalls> {
  /** Their promises reject with `WorkerLost` when the worker is lost. */
  readonly calls: Calls;
  readonly #worker: Worker;
  readonly #lock: string;
  readonly #events: LifeEvents;
  readonly #pending = new PendingCalls({
    onTrap: () => this.end(trapped),
    onShortage: () => this.#events.onShortage(),
  });
  readonly #heartbeat: Heartbeat;
  readonly #ended = new AbortController();
  #phase: "starting" | "locked" | "unlocked" = "starting";

  constructor({ worker, calls, lock }: OpenWorker<Calls>, events: LifeEvents) {
    this.calls = this.#pending.guard(calls);
    this.#worker = worker;
    this.#lock = lock;
    this.#events = events;
    this.#heartbeat = new Heartbeat(
      () => calls.ping(),
      (isSilent) => this.#onSilent(isSilent),
    );
    worker.addEventListener("error", (event) => this.#onError(event));
  }

  /** Waits until the backend runs. @throws WorkerLost if the worker is lost meanwhile, or what kept it from starting */
  async start(): Promise<WasmInfo> {
    try {
      return await withTimeout(this.#start(), startTimeout);
    } catch (error) {
      this.#stop();
      throw error;
    }
  }

  /** Ends the worker, if it still lives, and rejects the calls that wait. */
  end(reason: string): void {
    if (this.#ended.signal.aborted) return;
    this.#stop();
    this.#events.onLost(reason);
    this.#pending.lose(new WorkerLost(`This has no answer, because ${reason}`));
  }

  async #start(): Promise<WasmInfo> {
    const isLocked = await this.#firstSign();
    if (isLocked) watchLock(this.#lock, this.#ended.signal, () => this.end(ended));
    await this.#nextMessage();
    const info = await this.calls.start();
    this.#phase = isLocked ? "locked" : "unlocked";
    this.#heartbeat.start();
    return info;
  }

  /** Whether the worker holds its lock. A worker that was ended before it could say so is lost. */
  async #firstSign(): Promise<boolean> {
    const timer = setTimeout(() => this.end(ended), firstSignTimeout);
    try {
      return (await this.#nextMessage()) === "locked";
    } finally {
      clearTimeout(timer);
    }
  }

  #nextMessage(): Promise<unknown> {
    const message = (): Promise<unknown> =>
      new Promise((resolve) => this.#worker.addEventListener("message", ({ data }) => resolve(data), { once: true }));
    return this.#pending.run(message);
  }

  /** Without a lock a dead worker looks like a busy one, unless it has nothing to do. */
  #onSilent(isSilent: boolean): void {
    if (isSilent && this.#phase === "unlocked" && this.#pending.count === 0) this.end(ended);
    else this.#events.onSilent(isSilent);
  }

  #onError(event: ErrorEvent): void {
    event.preventDefault(); // otherwise it is an error of the window too
    const message = event.message || "its script could not be loaded";
    if (this.#phase === "starting") this.#pending.lose(new Error(message));
    else if (/\bRuntimeError\b/.test(message)) this.end(trapped);
    else this.#events.onProblem(message);
  }

  #stop(): void {
    this.#ended.abort();
    this.#heartbeat.stop();
    this.#worker.terminate();
  }
}
