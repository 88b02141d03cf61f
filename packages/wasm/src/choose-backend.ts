import { engine, registerBackend, removeBackend } from "@tensorflow/tfjs-core";
import type { BackendWasm } from "@tensorflow/tfjs-backend-wasm";
import { attachRuntime } from "./kernel-registry.js";
import type { CheckedOptions } from "./options.js";
import { hasSimd } from "./runtime/features.js";
import type { Runtime } from "./runtime/runtime.js";
import { startBackend, startRuntime } from "./start-runtime.js";
import { guardBackend } from "./tfjs/guard-backend.js";
import { keepingProcessListeners } from "./tfjs/process-listeners.js";
import { memoryOf, type TfjsModule } from "./tfjs/tfjs-module.js";

/** A backend and what was started for it. */
export interface StartedBackend {
  /** False for a backend that tfjs started, which is kept with its tensors. */
  readonly ours: boolean;
  readonly options: CheckedOptions;
  readonly simd: boolean;
  /** Absent without SIMD. */
  readonly runtime: Runtime | undefined;
  /** A sentence for everything that was requested but is not available. */
  readonly refusals: readonly string[];
}

const started = new WeakMap<BackendWasm, StartedBackend>();
/** The priority that tfjs gives its backend. */
const priority = 2;

/** The current backend if it matches the options or must stay; otherwise a new one that replaces it. */
export async function chooseBackend(options: CheckedOptions): Promise<StartedBackend> {
  const current = currentBackend();
  if (current !== undefined && holdsTensors()) return keep(current, options);
  const known = current && started.get(current);
  if (known?.ours && startsAlike(known.options, options) && !known.runtime?.pool.lostWorkers) return known;
  return startAfresh(options);
}

async function startAfresh(options: CheckedOptions): Promise<StartedBackend> {
  const refusals: string[] = [];
  const simd = hasSimd();
  if (!simd) refusals.push("the kernels of tfjs: this runtime has no 128-bit SIMD; use a newer one");
  const backend = await startBackend(options, simd, refusals);
  const fresh = await attach(backend, { ours: true, options, simd, refusals });
  if (holdsTensors()) {
    backend.dispose(); // tensors were created in the old one meanwhile
    return keep(currentBackend()!, options);
  }
  replaceBackend(backend);
  return fresh;
}

/** Keeps the backend because tensors live in it: as it is when we started it, with our kernels on its heap when tfjs did. */
async function keep(backend: BackendWasm, options: CheckedOptions): Promise<StartedBackend> {
  const known = started.get(backend);
  if (known !== undefined) return startsAlike(known.options, options) ? known : { ...known, refusals: [...known.refusals, stays] };
  const memory = memoryOf(backend.wasm as TfjsModule);
  const shared = typeof SharedArrayBuffer === "function" && memory.buffer instanceof SharedArrayBuffer;
  const refusals = options.threads === 1 || shared ? [] : [`one thread: ${stays}`];
  return attach(backend, { ours: false, options, simd: hasSimd(), refusals });
}

const stays = "the running backend holds tensors and keeps its options; call setupWasm before the first tensor, or dispose all tensors";

/** Attaches our functions and threads to a backend; they end with it. */
async function attach(backend: BackendWasm, start: Omit<StartedBackend, "runtime">): Promise<StartedBackend> {
  const refusals = [...start.refusals];
  const runtime = start.simd ? await startRuntime(backend, start.options, refusals) : undefined;
  guardBackend(backend, () => runtime?.stop());
  if (runtime !== undefined) attachRuntime(runtime);
  const attached = { ...start, runtime, refusals };
  started.set(backend, attached);
  return attached;
}

/** The options that only take effect in a new backend; kernels can be exchanged at any time. */
function startsAlike(a: CheckedOptions, b: CheckedOptions): boolean {
  return a.threads === b.threads && a.relaxedSimd === b.relaxedSimd;
}

function currentBackend(): BackendWasm | undefined {
  return engine().registry["wasm"] as BackendWasm | undefined;
}

function holdsTensors(): boolean {
  return (currentBackend()?.numDataIds() ?? 0) > 0;
}

function replaceBackend(backend: BackendWasm): void {
  if (engine().registryFactory["wasm"] !== undefined) keepingProcessListeners(() => removeBackend("wasm"));
  registerBackend("wasm", () => backend, priority);
}
