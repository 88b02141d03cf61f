import { engine, type Tensor } from "@tensorflow/tfjs-core";

/** A kernel's outputs on the active backend; its inputs are named, or in order. */
export function runOn(
  kernelName: string,
  inputs: Readonly<Record<string, Tensor>> | readonly Tensor[],
  attrs: object = {},
): Tensor | Tensor[] {
  return engine().runKernel(kernelName, inputs as never, attrs as never);
}
