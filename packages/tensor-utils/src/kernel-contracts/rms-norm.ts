import type { Tensor } from "@tensorflow/tfjs-core";
import type { KernelName } from "../run-kernel.js";

/**
 * y = x · rstd · (weight + weightOffset), with rstd = 1 / sqrt(mean of x² + eps) of each row. Zhang and Sennrich 2019.
 *
 * Inputs, an array: x `[..., features]`, then weight `[features]` where the attributes say so; without, the factor is 1.
 * Outputs: y `[..., features]` and rstd `[...]`, which carries no gradient.
 */
export const RMSNorm: KernelName<readonly Tensor[], RMSNormAttrs, [y: Tensor, rstd: Tensor]> = "RMSNorm";

/**
 * The gradients of {@link RMSNorm}. Inputs, an array: dy, x, weight where the attributes say so, rstd.
 * Outputs: the gradients of x and, where there is one, of the weight.
 */
export const RMSNormGrad: KernelName<readonly Tensor[], RMSNormAttrs, Tensor[]> = "RMSNormGrad";

/** Attributes of both RMSNorm kernels. */
export interface RMSNormAttrs {
  readonly hasWeight: boolean;
  /** Added to the mean square; positive. */
  readonly eps: number;
  /** 1 where weights are stored as their distance from 1, as Gemma does; else 0. */
  readonly weightOffset: 0 | 1;
}
