import { engine, type NamedAttrMap, type NamedTensorMap, type Tensor } from "@tensorflow/tfjs-core";

/** Runs a kernel of the active backend on named tensors, or on several in order, and gives its outputs. */
export function runKernel(kernelName: string, inputs: Readonly<Record<string, Tensor>> | readonly Tensor[], attrs: object = {}): Tensor[] {
  const outputs = engine().runKernel<Tensor | Tensor[]>(kernelName, inputs as unknown as NamedTensorMap, attrs as NamedAttrMap);
  return Array.isArray(outputs) ? outputs : [outputs];
}
