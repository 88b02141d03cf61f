import type { NamedAttrMap, TensorInfo } from "@tensorflow/tfjs-core";
import type { Runtime } from "../runtime/runtime.js";

/** Tensors of a kernel call by the names of tfjs, or by index where the kernel takes an array. */
export type KernelInputs = Readonly<Record<string, TensorInfo>>;

/** One call of a kernel. */
export interface KernelCall<Attributes = NamedAttrMap> {
  readonly runtime: Runtime;
  readonly inputs: KernelInputs;
  readonly attrs: Attributes;
  /** Runs the kernel of tfjs of this name, for calls that ours does not take. */
  readonly stock: () => TensorInfo | TensorInfo[];
}

/** A kernel of the backend "wasm" that tfjs lacks, or that replaces the one of tfjs. */
export interface FastKernel {
  readonly kernelName: string;
  readonly run: (call: KernelCall<never>) => TensorInfo | TensorInfo[];
}
