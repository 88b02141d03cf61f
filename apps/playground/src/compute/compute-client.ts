import { type ReadonlySignal, signal } from "@preact/signals";
import type { WasmInfo } from "@tfblocks/wasm";
import { type Remote, wrap } from "comlink";
import type { ComputeCalls } from "./compute.worker.js";
import { sentenceOf } from "./outcome.js";
import { withTimeout } from "./with-timeout.js";

/** The backend starts in a second or says why not; a slow network or a machine under load gets its time. */
const patience = 60_000;

/** How the worker stands: starting, ready, or failed with a sentence. */
type ComputeState =
  | { readonly phase: "starting" }
  | { readonly phase: "ready"; readonly info: WasmInfo }
  | { readonly phase: "failed"; readonly sentence: string };

/** The page's side of the compute worker. */
export interface Compute {
  readonly state: ReadonlySignal<ComputeState>;
  /** Settles when the backend runs; rejects when it does not. */
  readonly calls: Promise<Remote<ComputeCalls>>;
}

/** Starts the worker, and the backend in it. */
export function startCompute(): Compute {
  const state = signal<ComputeState>({ phase: "starting" });
  const calls = startWorker((info) => {
    state.value = { phase: "ready", info };
  });
  calls.catch((error: unknown) => {
    state.value = { phase: "failed", sentence: `The compute worker did not start: ${sentenceOf(error)}` };
  });
  return { state, calls };
}

async function startWorker(ready: (info: WasmInfo) => void): Promise<Remote<ComputeCalls>> {
  const worker = new Worker(new URL("./compute.worker.ts", import.meta.url), { type: "module" });
  try {
    const calls = wrap<ComputeCalls>(worker);
    const crash = new Promise<never>((_, reject) => {
      worker.addEventListener("error", (event) => reject(new Error(event.message || "its script could not be loaded")));
    });
    const listening = new Promise((resolve) => worker.addEventListener("message", resolve, { once: true }));
    const started = listening.then(() => calls.start());
    ready(await withTimeout(Promise.race([started, crash]), patience));
    return calls;
  } catch (error) {
    worker.terminate();
    throw error;
  }
}
