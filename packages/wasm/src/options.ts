import { checkInteger, checkNumber, checkObject, checkUnknown, refuse, ValueError } from "@tfblocks/tensor-utils";
import { processorCount } from "./runtime/features.js";
import type { WasmPaths } from "./tfjs/tfjs-binary.js";
import type { KernelChoice } from "./wasm-info.js";

/** How the WASM backend is set up. */
export interface SetupWasmOptions {
  /** Threads that share the work, the calling one included; default the number of processors, at most 8. */
  readonly threads?: number;
  /** Which kernels to use: `"fast"` (default), `"repair"` for only those that mend tfjs's, `"off"` for tfjs's own. */
  readonly kernels?: KernelChoice;
  /** False keeps to plain SIMD, whose numbers are the same on every machine; default true where there is relaxed SIMD. */
  readonly relaxedSimd?: boolean;
  /** The folder or URLs of tfjs's wasm files; default: the installed package in Node.js, else beside the page. */
  readonly wasmPaths?: WasmPaths;
  /** Milliseconds to wait for files and workers; default 10 000. */
  readonly timeout?: number;
}

/** Options with every default written out. */
export interface CheckedOptions {
  readonly threads: number;
  readonly kernels: KernelChoice;
  readonly relaxedSimd: boolean;
  readonly wasmPaths: WasmPaths | undefined;
  readonly timeout: number;
}

/** The most threads that a pool has room for. */
export const maxThreads = 64;

const choices: readonly unknown[] = ["fast", "repair", "off"] satisfies KernelChoice[];

/** @throws ValueError when an option is outside what it may be, or unknown */
export function checkOptions(options: SetupWasmOptions): CheckedOptions {
  checkObject("setupWasm", "options", options);
  const {
    threads = Math.min(8, processorCount()),
    kernels = "fast",
    relaxedSimd = true,
    wasmPaths,
    timeout = 10_000,
    ...unknown
  } = options;
  checkUnknown("setupWasm", "options", unknown, "see SetupWasmOptions");
  checkInteger("setupWasm", "threads", threads, 1);
  checkNumber("setupWasm", "timeout", "a number of milliseconds > 0", timeout, (value) => value > 0 && value < 2 ** 31);
  if (!choices.includes(kernels)) refuse(ValueError, "setupWasm", "kernels", '"fast", "repair" or "off"', kernels);
  return { threads, kernels, relaxedSimd, wasmPaths, timeout };
}
