import { engine, type NamedAttrMap, type NamedTensorMap, type Tensor } from "@tensorflow/tfjs-core";
import { activeRecorder } from "./steps/live.js";

/** Tensors of a kernel call: by name, or in order where the kernel takes an array. */
export type KernelInputs = Readonly<Record<string, Tensor>> | readonly Tensor[];

/** Attributes of a kernel that has none. */
export type NoAttrs = Readonly<Record<string, never>>;

/** The name of a kernel, which carries the types of its inputs, attributes and outputs. */
export type KernelName<Inputs extends KernelInputs, Attrs extends object, Outputs extends readonly Tensor[]> = string & {
  /** Only a type: a name has no such property. */
  readonly contract?: (inputs: Inputs, attrs: Attrs) => Outputs;
};

/**
 * Runs a kernel of the active backend, which must have it.
 *
 * @param attrs a function gives them again for each repetition of a captured step
 * @returns the outputs in the order of the contract, which the caller owns
 */
export function runKernel<Inputs extends KernelInputs, Attrs extends object, Outputs extends readonly Tensor[]>(
  name: KernelName<Inputs, Attrs, Outputs>,
  inputs: NoInfer<Inputs>,
  attrs: NoInfer<Attrs> | (() => NoInfer<Attrs>),
): Outputs {
  const now = typeof attrs === "function" ? (activeRecorder()?.liveAttrs(attrs) ?? attrs()) : attrs;
  const outputs = engine().runKernel<Tensor | Tensor[]>(name, inputs as NamedTensorMap, now as NamedAttrMap);
  return (Array.isArray(outputs) ? outputs : [outputs]) as readonly Tensor[] as Outputs;
}
