import type { Tensor } from "@tensorflow/tfjs-core";

/** Copies the data of a tensor, so that it can be transferred. On some backends `dataSync` returns a view of shared memory. */
export function floats(tensor: Tensor): Float32Array {
  return (tensor.dataSync<"float32">() as Float32Array).slice();
}
