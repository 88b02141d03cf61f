import { checkInteger, checkNumber, checkObject, checkUnknown, describeValue, refuse, ValueError } from "@tfblocks/tensor-utils";
import { processorCount } from "./runtime/features.js";
import { tfjsWasmFiles, type WasmPaths } from "./tfjs/wasm-paths.js";
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
  /** Milliseconds to wait for each file and worker; default 10 000. */
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

const operation = "setupWasm";
const choices: readonly unknown[] = ["fast", "repair", "off"] satisfies KernelChoice[];

/** @throws ValueError when an option is outside what it may be, or unknown */
export function checkOptions(options: SetupWasmOptions): CheckedOptions {
  checkObject(operation, "options", options);
  const {
    threads = Math.min(8, processorCount()),
    kernels = "fast",
    relaxedSimd = true,
    wasmPaths,
    timeout = 10_000,
    ...unknown
  } = options;
  checkUnknown(operation, "options", unknown, "see SetupWasmOptions");
  checkInteger(operation, "threads", threads, 1);
  checkNumber(operation, "timeout", "a number of milliseconds > 0", timeout, (value) => value > 0 && value < 2 ** 31);
  if (!choices.includes(kernels)) refuse(ValueError, operation, "kernels", '"fast", "repair" or "off"', describeValue(kernels));
  if (typeof relaxedSimd !== "boolean") refuse(ValueError, operation, "relaxedSimd", "true or false", describeValue(relaxedSimd));
  if (wasmPaths !== undefined) checkPaths(wasmPaths);
  return { threads, kernels, relaxedSimd, wasmPaths, timeout };
}

function checkPaths(paths: WasmPaths): void {
  if (typeof paths === "string") return;
  checkObject(operation, "wasmPaths", paths);
  const unknown = Object.entries(paths).filter(([name, url]) => !tfjsWasmFiles.includes(name as never) || typeof url !== "string");
  if (unknown.length === 0) return;
  refuse(ValueError, operation, "wasmPaths", `a folder, or the URLs of ${tfjsWasmFiles.join(", ")}`, unknown.map(String).join("; "));
}
