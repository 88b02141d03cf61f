import type { Tensor } from "@tensorflow/tfjs-core";

/** A copy that may be transferred: on some backends the data is a view of memory that stays. */
export function floats(tensor: Tensor): Float32Array {
  return (tensor.dataSync<"float32">() as Float32Array).slice();
}
