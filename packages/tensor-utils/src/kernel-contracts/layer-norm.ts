import type { Tensor } from "@tensorflow/tfjs-core";
import type { KernelName } from "../run-kernel.js";

/**
 * y = (x - mean) · rstd · weight + bias, with rstd = 1 / sqrt(variance + eps) and the biased variance of each row.
 * Ba, Kiros and Hinton 2016.
 *
 * Inputs, an array: x `[..., features]`, then weight and bias `[features]` where the attributes say so.
 * Outputs: y `[..., features]`, mean and rstd `[...]`; the two statistics carry no gradient.
 */
export const LayerNorm: KernelName<readonly Tensor[], LayerNormAttrs, [y: Tensor, mean: Tensor, rstd: Tensor]> = "LayerNorm";

/**
 * The gradients of {@link LayerNorm}. Inputs, an array: dy, x, weight where the attributes say so, mean, rstd.
 * Outputs: the gradients of the inputs of {@link LayerNorm}, in their order.
 */
export const LayerNormGrad: KernelName<readonly Tensor[], LayerNormAttrs, Tensor[]> = "LayerNormGrad";

/** Attributes of both LayerNorm kernels. */
export interface LayerNormAttrs {
  readonly hasWeight: boolean;
  readonly hasBias: boolean;
  /** Added to the variance; positive. */
  readonly eps: number;
}
