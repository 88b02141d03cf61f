import type { NamedAttrMap, TensorInfo } from "@tensorflow/tfjs-core";
import type { Runtime } from "../runtime/runtime.js";

/** Tensors of a kernel call by tfjs's names, or in order where the kernel takes an array. */
export type KernelInputs = Readonly<Record<string, TensorInfo>>;

/** One call of a kernel. */
export interface KernelCall<Attributes = NamedAttrMap> {
  readonly runtime: Runtime;
  readonly inputs: KernelInputs;
  readonly attrs: Attributes;
  /** tfjs's own kernel of this name, for what ours does not take. */
  readonly stock: () => TensorInfo | TensorInfo[];
}

/** A kernel that replaces tfjs's or is added to it, on the backend 'wasm'. */
export interface FastKernel {
  readonly kernelName: string;
  readonly run: (call: KernelCall<never>) => TensorInfo | TensorInfo[];
}
