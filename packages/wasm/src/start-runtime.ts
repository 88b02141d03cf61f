import { BackendWasm } from "@tensorflow/tfjs-backend-wasm";
import type { CheckedOptions } from "./options.js";
import { canShareMemory, hasRelaxedSimd, isIsolated, processorCount } from "./runtime/features.js";
import { compileKernels, instantiateKernels } from "./runtime/kernel-module.js";
import { Runtime } from "./runtime/runtime.js";
import { startModule } from "./tfjs/start-module.js";
import { memoryOf, type TfjsModule } from "./tfjs/tfjs-module.js";

/** The backend of tfjs, on a heap that workers can share if requested and possible; otherwise `refusals` says why not. */
export async function startBackend(options: CheckedOptions, simd: boolean, refusals: string[]): Promise<BackendWasm> {
  const { wasmPaths, timeout } = options;
  const start = async (shared: boolean) => new BackendWasm(await startModule({ simd, shared, wasmPaths, timeout }));
  if (options.threads === 1 || !simd) return start(false);
  if (!canShareMemory()) {
    refusals.push(isIsolated() ? notShared : notIsolated);
    return start(false);
  }
  try {
    return await start(true);
  } catch (error) {
    const backend = await start(false);
    refusals.push(`one thread: ${reasonOf(error)}`);
    return backend;
  }
}

const notIsolated =
  "one thread: the page is not cross-origin isolated; serve it with the headers Cross-Origin-Opener-Policy: same-origin and Cross-Origin-Embedder-Policy: require-corp";

const notShared = "one thread: this browser cannot share memory between threads; use a newer version or another browser";

/** The message of a setup error without the name of the function. */
function reasonOf(error: unknown): string {
  return (error as Error).message.replace(/^setupWasm: /, "");
}

/** Starts our functions and threads on the heap of a backend. */
export async function startRuntime(backend: BackendWasm, options: CheckedOptions, refusals: string[]): Promise<Runtime> {
  const memory = memoryOf(backend.wasm as TfjsModule);
  const shared = typeof SharedArrayBuffer === "function" && memory.buffer instanceof SharedArrayBuffer;
  const module = await compileKernels({ relaxed: usesRelaxedSimd(options), shared });
  const runtime = new Runtime(backend, memory, await instantiateKernels(module, memory));
  const threads = atMost(options.threads, refusals);
  if (threads > 1 && shared) await runtime.startPool(module, threads - 1, options.timeout);
  return runtime;
}

/** Whether the relaxed twin is used. */
export function usesRelaxedSimd({ relaxedSimd }: CheckedOptions): boolean {
  return relaxedSimd && hasRelaxedSimd();
}

/** Caps the number of threads: far more threads than processors only wait for each other. */
function atMost(threads: number, refusals: string[]): number {
  const most = Math.min(64, 2 * Math.max(2, processorCount()));
  if (threads > most) refusals.push(`${most} of ${threads} threads: ask for at most ${most}, twice the processors, here`);
  return Math.min(threads, most);
}
