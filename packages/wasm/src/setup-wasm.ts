import { engine, registerBackend, removeBackend, setBackend } from "@tensorflow/tfjs-core";
import type { BackendWasm } from "@tensorflow/tfjs-backend-wasm";
import "@tfblocks/tensor-utils/gradients";
import { attachRuntime, installKernels, runtimeOf, stockKernel } from "./kernel-registry.js";
import { fast, gradients, repairs } from "./kernels/index.js";
import { type CheckedOptions, checkOptions, type SetupWasmOptions } from "./options.js";
import { canShareMemory, hasSimd } from "./runtime/features.js";
import { startBackend, startRuntime, usesRelaxedSimd } from "./start-runtime.js";
import { GuardedBackend, guardMalloc } from "./tfjs/guarded-backend.js";
import type { TfjsModule } from "./tfjs/tfjs-module.js";
import type { KernelChoice, WasmInfo } from "./wasm-info.js";

/** tfjs's own priority of its backend. */
const priority = 2;
const kernelsOf = { fast: [...repairs, ...fast], repair: repairs, off: [] } as const;

let last: Promise<unknown> = Promise.resolve();

/**
 * Starts tfjs's WASM backend with our kernels and threads, and makes it the active one.
 *
 * Called again with the same options it only reports; with others it starts afresh, unless tensors live in the backend:
 * then only the choice of kernels changes, and `refusals` says so. A call that fails leaves what was there.
 *
 * @throws ValueError when an option is outside what it may be
 * @throws WasmSetupError when tfjs's wasm file is missing or does not start in time
 */
export async function setupWasm(options: SetupWasmOptions = {}): Promise<WasmInfo> {
  const checked = checkOptions(options);
  const turn = last.then(() => setup(checked)); // one after the other
  last = turn.catch(() => {});
  return turn;
}

interface Started {
  readonly options: CheckedOptions;
  readonly simd: boolean;
  readonly refusals: readonly string[];
}

const startedBackends = new WeakMap<BackendWasm, Started>();

async function setup(options: CheckedOptions): Promise<WasmInfo> {
  const backend = await chooseBackend(options);
  const started = startedBackends.get(backend)!;
  const kernels = started.simd ? options.kernels : "off";
  installKernels(kernelsOf[kernels], kernels === "off" ? [] : gradients);
  await setBackend("wasm");
  return describe(backend, started, options, kernels);
}

/** The backend in use where it will do or must stay, else a new one in its place. */
async function chooseBackend(options: CheckedOptions): Promise<BackendWasm> {
  const current = engine().registry["wasm"] as BackendWasm | undefined;
  if (current !== undefined && startedBackends.has(current) && sameStart(startedBackends.get(current)!.options, options)) return current;
  if (current !== undefined && current.numDataIds() > 0) return takeOver(current, options);
  const refusals: string[] = [];
  const simd = hasSimd();
  if (!simd) refusals.push("tfjs's own kernels: this runtime has no 128-bit SIMD");
  const backend = await startBackend(options, simd, refusals);
  if (simd) await attach(backend, options, refusals);
  startedBackends.set(backend, { options, simd, refusals });
  if (engine().registryFactory["wasm"] !== undefined) removeBackend("wasm");
  registerBackend("wasm", () => backend, priority);
  return backend;
}

/** Everything that needs another start; kernels can be exchanged at any time. */
function sameStart(a: CheckedOptions, b: CheckedOptions): boolean {
  return a.threads === b.threads && a.relaxedSimd === b.relaxedSimd;
}

/** Puts our kernels on a backend whose tensors must live on. */
async function takeOver(backend: BackendWasm, options: CheckedOptions): Promise<BackendWasm> {
  const refusals = ["the backend stays as it was started: it holds tensors; call setupWasm before the first tensor, or dispose them"];
  const simd = hasSimd();
  const known = startedBackends.get(backend);
  if (known === undefined && simd) {
    guardMalloc(backend.wasm as TfjsModule);
    await attach(backend, options, refusals);
  }
  startedBackends.set(backend, { options: known?.options ?? options, simd, refusals });
  return backend;
}

async function attach(backend: BackendWasm, options: CheckedOptions, refusals: string[]): Promise<void> {
  const runtime = await startRuntime(backend, options, refusals);
  attachRuntime(runtime);
  if (backend instanceof GuardedBackend) backend.onDispose = () => runtime.stop();
}

function describe(backend: BackendWasm, { simd, refusals }: Started, options: CheckedOptions, kernels: KernelChoice): WasmInfo {
  const runtime = runtimeOf(backend);
  const names = kernelsOf[kernels].map(({ kernelName }) => kernelName);
  return {
    kernels,
    simd,
    relaxedSimd: runtime !== undefined && usesRelaxedSimd(options),
    threads: { asked: options.threads, got: runtime?.threads ?? 1 },
    crossOriginIsolated: canShareMemory(),
    replaced: names.filter((name) => stockKernel(name) !== undefined),
    added: names.filter((name) => stockKernel(name) === undefined),
    refusals: [...refusals, ...(runtime?.refusal === undefined ? [] : [runtime.refusal])],
  };
}
