import type { NamedAttrMap, TensorInfo } from "@tensorflow/tfjs-core";
import type { Runtime } from "../runtime/runtime.js";

/** Tensors of a kernel call by the names of tfjs, or by index where the kernel takes an array. */
export type KernelInputs = Readonly<Record<string, TensorInfo>>;

/** One call of a kernel. */
export interface KernelCall<Attributes = NamedAttrMap> {
  readonly runtime: Runtime;
  readonly inputs: KernelInputs;
  readonly attrs: Attributes;
  /** Runs the kernel of tfjs of this name, for calls that ours does not take, or with other inputs and attributes. */
  readonly stock: (inputs?: KernelInputs, attrs?: object) => TensorInfo | TensorInfo[];
}

/** A kernel of the backend "wasm" that tfjs lacks, or that replaces the one of tfjs. */
export interface FastKernel {
  readonly kernelName: string;
  /** Which calls it takes; all others go to the kernel of tfjs at once. Default: all. */
  readonly takes?: (inputs: KernelInputs, attrs: never) => boolean;
  readonly run: (call: KernelCall<never>) => TensorInfo | TensorInfo[];
}
