import type { Tensor } from "@tensorflow/tfjs-core";
import type { KernelName, NoAttrs } from "../run-kernel.js";

/** y = x · sigmoid(x), also called swish. Input: x `[...]`. Output: y `[...]`. */
export const Silu: KernelName<{ x: Tensor }, NoAttrs, [y: Tensor]> = "Silu";

/** dx = dy · silu'(x). Inputs: dy and x `[...]`. Output: dx `[...]`. */
export const SiluGrad: KernelName<{ dy: Tensor; x: Tensor }, NoAttrs, [dx: Tensor]> = "SiluGrad";
