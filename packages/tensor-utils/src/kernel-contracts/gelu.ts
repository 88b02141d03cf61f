import type { Tensor } from "@tensorflow/tfjs-core";
import type { KernelName } from "../run-kernel.js";

/**
 * y = x · Φ(x), Φ the standard normal distribution function. Hendrycks and Gimpel 2016.
 * Input: x `[...]`. Output: y `[...]`.
 */
export const Gelu: KernelName<{ x: Tensor }, GeluAttrs, [y: Tensor]> = "Gelu";

/** dx = dy · gelu'(x). Inputs: dy and x `[...]`. Output: dx `[...]`. */
export const GeluGrad: KernelName<{ dy: Tensor; x: Tensor }, GeluAttrs, [dx: Tensor]> = "GeluGrad";

/** Attributes of both GELU kernels. */
export interface GeluAttrs {
  /** `"tanh"`: 0.5 x (1 + tanh(√(2/π) (x + 0.044715 x³))) in its place. */
  readonly approximate: "none" | "tanh";
}
