import { env, setBackend } from "@tensorflow/tfjs-core";
import "@tfblocks/tensor-utils/gradients";
import { chooseBackend, type StartedBackend } from "./choose-backend.js";
import { installKernels, stockKernel } from "./kernel-registry.js";
import { fast, gradients, repairs } from "./kernels/index.js";
import { type CheckedOptions, resolveOptions, type SetupWasmOptions } from "./options.js";
import { isIsolated } from "./runtime/features.js";
import { usesRelaxedSimd } from "./start-runtime.js";
import type { KernelChoice, WasmInfo } from "./wasm-info.js";
import { WasmSetupError } from "./wasm-setup-error.js";

const kernelsOf = { fast: [...repairs, ...fast], repair: repairs, off: [] } as const;

const flags = ["WASM_HAS_SIMD_SUPPORT", "WASM_HAS_MULTITHREAD_SUPPORT"];

let last: Promise<unknown> = Promise.resolve();

/**
 * Starts tfjs's WASM backend with our kernels and threads, and makes it the active one.
 *
 * With the same options as before it only returns what is running. With other options it starts a new backend, unless
 * tensors live in the current one: then only the choice of kernels changes, and `refusals` says so. A call that fails
 * changes nothing.
 *
 * @throws ValueError when an option is unknown or out of range
 * @throws WasmSetupError when tfjs's wasm file is missing or does not start in time
 */
export async function setupWasm(options: SetupWasmOptions = {}): Promise<WasmInfo> {
  const checked = resolveOptions(options);
  const turn = last.then(() => setup(checked)); // calls run one after the other
  last = turn.catch(() => {});
  return turn;
}

async function setup(options: CheckedOptions): Promise<WasmInfo> {
  await Promise.all(flags.map((flag) => env().getAsync(flag))); // so that getBool gives them, as after tfjs has started its backend
  const started = await chooseBackend(options);
  const kernels = started.simd ? options.kernels : "off";
  installKernels(kernelsOf[kernels], kernels === "off" ? [] : gradients);
  if (!(await setBackend("wasm"))) throw new WasmSetupError("tfjs refused its own backend");
  return describe(started, options, kernels);
}

function describe({ runtime, simd, refusals, options }: StartedBackend, asked: CheckedOptions, kernels: KernelChoice): WasmInfo {
  const names = [...new Set(kernelsOf[kernels].map(({ kernelName }) => kernelName))];
  const pool = runtime?.pool;
  return {
    kernels,
    simd,
    relaxedSimd: runtime !== undefined && usesRelaxedSimd(options),
    threads: { asked: asked.threads, got: 1 + (pool?.size ?? 0) },
    crossOriginIsolated: isIsolated(),
    replaced: names.filter((name) => stockKernel(name) !== undefined),
    added: names.filter((name) => stockKernel(name) === undefined),
    refusals: [...refusals, ...(pool?.refusal === undefined ? [] : [pool.refusal])],
  };
}
