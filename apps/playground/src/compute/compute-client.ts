import { type ReadonlySignal, signal } from "@preact/signals";
import type { WasmInfo } from "@tfblocks/wasm";
import { sentenceOf } from "./outcome.js";
import { withTimeout } from "./with-timeout.js";

/** Milliseconds to wait for the backend: it usually starts within a second, but a slow network needs more. */
const startTimeout = 60_000;

/** The state of the worker; a failure has one sentence for the reader. */
type ComputeState =
  | { readonly phase: "starting" }
  | { readonly phase: "ready"; readonly info: WasmInfo }
  | { readonly phase: "failed"; readonly sentence: string };

/** The page's side of the compute worker. */
export interface Compute<Calls = unknown> {
  readonly state: ReadonlySignal<ComputeState>;
  /** Resolves once the backend runs; rejects when it cannot start. */
  readonly calls: Promise<Calls>;
}

/** A worker that has been opened, and the functions that it serves. */
export interface OpenWorker<Calls> {
  readonly worker: Worker;
  readonly calls: Calls;
}

interface StartCall {
  start(): Promise<WasmInfo>;
}

/** Opens the worker and starts the backend in it. */
export function startCompute<Calls extends StartCall>(open: () => OpenWorker<Calls>): Compute<Calls> {
  const state = signal<ComputeState>({ phase: "starting" });
  const calls = startWorker(open, (info) => {
    state.value = { phase: "ready", info };
  });
  calls.catch((error: unknown) => {
    state.value = { phase: "failed", sentence: `The compute worker did not start: ${sentenceOf(error)}` };
  });
  return { state, calls };
}

async function startWorker<Calls extends StartCall>(open: () => OpenWorker<Calls>, onReady: (info: WasmInfo) => void): Promise<Calls> {
  const { worker, calls } = open();
  try {
    const crash = new Promise<never>((_, reject) => {
      worker.addEventListener("error", (event) => reject(new Error(event.message || "its script could not be loaded")));
    });
    const listening = new Promise((resolve) => worker.addEventListener("message", resolve, { once: true }));
    const started = listening.then(() => calls.start());
    onReady(await withTimeout(Promise.race([started, crash]), startTimeout));
    return calls;
  } catch (error) {
    worker.terminate();
    throw error;
  }
}
