import plainFactory from "@tensorflow/tfjs-backend-wasm/wasm-out/tfjs-backend-wasm.js";
import threadedFactory from "@tensorflow/tfjs-backend-wasm/wasm-out/tfjs-backend-wasm-threaded-simd.js";
import { WasmSetupError } from "../wasm-setup-error.js";
import type { TfjsModule } from "./tfjs-module.js";
import { withIdleWorkers } from "./idle-workers.js";
import { keepingProcessListeners } from "./process-listeners.js";
import { readTfjsBinary } from "./tfjs-binary.js";
import type { WasmPaths } from "./wasm-paths.js";

type Factory = (config: object) => PromiseLike<TfjsModule>;

/** Which module of tfjs to start, and how long to wait for it in milliseconds. */
export interface ModuleChoice {
  readonly simd: boolean;
  /** Whether workers can share the memory; requires `simd`. */
  readonly shared: boolean;
  readonly wasmPaths: WasmPaths | undefined;
  readonly timeout: number;
}

/**
 * Starts the WebAssembly module of tfjs as its backend does, but without its threads.
 *
 * @throws WasmSetupError when its file is missing or it does not start in time
 */
export async function startModule({ simd, shared, wasmPaths, timeout }: ModuleChoice): Promise<TfjsModule> {
  const file = shared ? "tfjs-backend-wasm-threaded-simd.wasm" : simd ? "tfjs-backend-wasm-simd.wasm" : "tfjs-backend-wasm.wasm";
  const wasmBinary = await readTfjsBinary({ file, wasmPaths, timeout });
  let warns = false; // while it starts, Emscripten prints what the error says that is thrown
  const printErr = (text: string) => {
    if (warns) console.warn(text);
  };
  const config = { wasmBinary, locateFile: (path: string) => path, printErr };
  const factory = (shared ? threadedFactory : plainFactory) as unknown as Factory;
  const started = keepingProcessListeners(() => withIdleWorkers(() => factory(config)));
  const module = await inTime(timeout, started).catch((error: unknown) => {
    throw new WasmSetupError(`${file} did not start (${startOf(error)}); ${advice}`);
  });
  warns = true;
  module.tfjs = bindings(module);
  return module;
}

const advice =
  "serve the file of the installed @tensorflow/tfjs-backend-wasm whole, and let a content security policy allow 'wasm-unsafe-eval' in script-src";

/** The functions that the backend of tfjs calls; XNNPACK always gets one thread. */
function bindings(module: TfjsModule): TfjsModule["tfjs"] {
  const initWithThreads = module.cwrap("init_with_threads_count", null, ["number"]);
  return {
    init: module.cwrap("init", null, []),
    initWithThreadsCount: () => initWithThreads(1),
    getThreadsCount: module.cwrap("get_threads_count", "number", []),
    registerTensor: module.cwrap("register_tensor", null, ["number", "number", "number"]),
    disposeData: module.cwrap("dispose_data", null, ["number"]),
    dispose: module.cwrap("dispose", null, []),
  } as TfjsModule["tfjs"];
}

async function inTime<Result>(timeout: number, work: PromiseLike<Result>): Promise<Result> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`no answer within ${timeout} ms`)), timeout);
  });
  try {
    return await Promise.race([work, late]);
  } finally {
    clearTimeout(timer);
  }
}

/** The first sentence of an error of Emscripten, without its advice on compiler flags. */
function startOf(error: unknown): string {
  return String(error).split(". ")[0]!;
}
