import {
  checkInteger,
  checkNumber,
  checkObject,
  type Complete,
  type Defaults,
  derived,
  describeValue,
  refuse,
  ValueError,
  withDefaults,
} from "@tfblocks/tensor-utils";
import { processorCount } from "./runtime/features.js";
import { tfjsWasmFiles, type WasmPaths } from "./tfjs/wasm-paths.js";
import type { KernelChoice } from "./wasm-info.js";

/** Options of `setupWasm`. */
export interface SetupWasmOptions {
  /** Threads that share the work, including the calling thread; default the number of processors, at most 8. */
  readonly threads?: number;
  /** Which kernels to use: `"fast"` (default), `"repair"` for only those that correct tfjs, `"off"` for those of tfjs. */
  readonly kernels?: KernelChoice;
  /** False uses plain SIMD, whose results are the same on every machine; by default relaxed SIMD is used where it is supported. */
  readonly relaxedSimd?: boolean;
  /** The folder or URLs of the wasm files of tfjs; default: the installed package in Node.js, the folder of the page in browsers. */
  readonly wasmPaths?: WasmPaths | undefined;
  /** Milliseconds to wait for each file and worker; default 10 000. */
  readonly timeout?: number;
}

/** Options with their defaults filled in. */
export type CheckedOptions = Complete<SetupWasmOptions>;

const operation = "setupWasm";
const defaults: Defaults<SetupWasmOptions> = {
  threads: derived(() => Math.min(8, processorCount())),
  kernels: "fast",
  relaxedSimd: true,
  wasmPaths: undefined,
  timeout: 10_000,
};
const choices: readonly unknown[] = ["fast", "repair", "off"] satisfies KernelChoice[];

/** @throws ValueError when an option is unknown or out of range */
export function resolveOptions(options: SetupWasmOptions): CheckedOptions {
  const checked = withDefaults(operation, options, defaults, "option");
  const { threads, kernels, relaxedSimd, wasmPaths, timeout } = checked;
  checkInteger(operation, "threads", threads, 1);
  checkNumber(operation, "timeout", "a number of milliseconds > 0", timeout, (value) => value > 0 && value < 2 ** 31);
  if (!choices.includes(kernels)) refuse(ValueError, operation, "kernels", '"fast", "repair" or "off"', describeValue(kernels));
  if (typeof relaxedSimd !== "boolean") refuse(ValueError, operation, "relaxedSimd", "true or false", describeValue(relaxedSimd));
  if (wasmPaths !== undefined) checkPaths(wasmPaths);
  return checked;
}

function checkPaths(paths: WasmPaths): void {
  if (typeof paths === "string") return;
  checkObject(operation, "wasmPaths", paths);
  const unknown = Object.entries(paths).filter(([name, url]) => !tfjsWasmFiles.includes(name as never) || typeof url !== "string");
  if (unknown.length === 0) return;
  refuse(ValueError, operation, "wasmPaths", `a folder, or the URLs of ${tfjsWasmFiles.join(", ")}`, unknown.map(String).join("; "));
}
