import { type ReadonlySignal, type Signal, signal } from "@preact/signals";
import { type Remote, wrap } from "comlink";
import type { BackendStatus } from "./backend-status.js";
import type { ComputeCalls } from "./compute.worker.js";
import { withTimeout } from "./with-timeout.js";

/** Threads start in a second or not at all; a machine under load gets its time. */
const threadPatience = 12_000;

/** How the worker stands: starting, ready, or failed with a sentence. */
type ComputeState =
  | { readonly phase: "starting" }
  | { readonly phase: "ready"; readonly status: BackendStatus }
  | { readonly phase: "failed"; readonly sentence: string };

/** The page's side of the compute worker. */
export interface Compute {
  readonly state: ReadonlySignal<ComputeState>;
  /** Settles when the backend runs; rejects when it does not. */
  readonly calls: Promise<Remote<ComputeCalls>>;
}

/** Starts the worker with threads, and once more without them when that does not answer. */
export function startCompute(): Compute {
  const state = signal<ComputeState>({ phase: "starting" });
  const calls = start(state);
  calls.catch((error: unknown) => {
    const reason = error instanceof Error ? error.message : String(error);
    state.value = { phase: "failed", sentence: `The compute worker did not start: ${reason}` };
  });
  return { state, calls };
}

async function start(state: Signal<ComputeState>): Promise<Remote<ComputeCalls>> {
  try {
    return await startWorker(state, true);
  } catch {
    return await startWorker(state, false);
  }
}

async function startWorker(state: Signal<ComputeState>, threads: boolean): Promise<Remote<ComputeCalls>> {
  const worker = new Worker(new URL("./compute.worker.ts", import.meta.url), { type: "module" });
  try {
    const calls = wrap<ComputeCalls>(worker);
    const crash = new Promise<never>((_, reject) => {
      worker.addEventListener("error", (event) => reject(new Error(event.message || "its script could not be loaded")));
    });
    const status = await withTimeout(Promise.race([calls.start({ threads }), crash]), threadPatience);
    state.value = { phase: "ready", status };
    return calls;
  } catch (error) {
    worker.terminate();
    throw error;
  }
}
