import type { Tensor } from "@tensorflow/tfjs-core";
import type { KernelName, NoAttrs } from "../run-kernel.js";

/** dlogits = y (dy - Σ dy · y) over the last dimension, y = softmax(logits). Inputs: dy and y `[...]`. Output: dlogits `[...]`. */
export const SoftmaxGrad: KernelName<{ dy: Tensor; y: Tensor }, NoAttrs, [dlogits: Tensor]> = "SoftmaxGrad";
