import type { BackendWasm } from "@tensorflow/tfjs-backend-wasm";
import { type CheckedOptions, maxThreads } from "./options.js";
import { canShareMemory, hasRelaxedSimd, processorCount } from "./runtime/features.js";
import { compileKernels, instantiateKernels, type KernelExports } from "./runtime/kernel-module.js";
import { noPool, type Pool, startPool } from "./runtime/pool.js";
import { Runtime } from "./runtime/runtime.js";
import { GuardedBackend } from "./tfjs/guarded-backend.js";
import { startModule } from "./tfjs/start-module.js";
import { memoryOf, type TfjsModule } from "./tfjs/tfjs-module.js";

/** tfjs's backend on a heap that workers can share where that is wanted and possible. */
export async function startBackend(options: CheckedOptions, simd: boolean, refusals: string[]): Promise<GuardedBackend> {
  const { wasmPaths, timeout } = options;
  const start = async (shared: boolean) => new GuardedBackend(await startModule({ simd, shared, wasmPaths, timeout }));
  if (options.threads === 1 || !simd) return start(false);
  if (!canShareMemory()) {
    refusals.push("one thread: the page is not cross-origin isolated (it needs the headers COOP same-origin and COEP require-corp)");
    return start(false);
  }
  try {
    return await start(true);
  } catch (error) {
    const backend = await start(false);
    refusals.push(`one thread: ${(error as Error).message}`);
    return backend;
  }
}

/** Our functions and threads over the heap of a backend. */
export async function startRuntime(backend: BackendWasm, options: CheckedOptions, refusals: string[]): Promise<Runtime> {
  const heap = backend.wasm as TfjsModule;
  const memory = memoryOf(heap);
  const shared = typeof SharedArrayBuffer === "function" && memory.buffer instanceof SharedArrayBuffer;
  const module = await compileKernels({ relaxed: usesRelaxedSimd(options), shared });
  const exports = await instantiateKernels(module, memory);
  const control = allocateControl(heap, exports);
  const pool = await startThreads({ module, memory, control }, shared, options, refusals);
  return new Runtime(backend, memory, exports, control, pool);
}

/** Whether the relaxed twin is taken. */
export function usesRelaxedSimd({ relaxedSimd }: CheckedOptions): boolean {
  return relaxedSimd && hasRelaxedSimd();
}

async function startThreads(
  start: Parameters<typeof startPool>[0],
  shared: boolean,
  { threads, timeout }: CheckedOptions,
  refusals: string[],
): Promise<Pool> {
  const most = Math.min(maxThreads, 2 * Math.max(2, processorCount()));
  if (threads > most) refusals.push(`${most} threads: more than ${most} would only wait for each other here`);
  const workers = Math.min(threads, most) - 1;
  if (workers === 0 || !shared) return noPool;
  const pool = await startPool(start, workers, timeout);
  if (pool.refusal !== undefined) refusals.push(`${pool.size + 1} of ${workers + 1} threads: ${pool.refusal}`);
  return pool;
}

/** Zeroed words for the pool, aligned to a cache line; they live as long as the heap. */
function allocateControl(heap: TfjsModule, exports: KernelExports): number {
  const control = ((heap._malloc(exports.controlBytes() + 64) >>> 0) + 63) & ~63;
  heap.HEAPU8.fill(0, control, control + exports.controlBytes());
  return control;
}
