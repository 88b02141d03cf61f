/**
 * y = (x - mean) · rstd · weight + bias, with rstd = 1 / sqrt(variance + eps) and the biased variance of each row.
 * Ba, Kiros and Hinton 2016.
 *
 * Inputs, an array: x `[..., features]`, then weight and bias `[features]` where the attributes say so.
 * Outputs: y `[..., features]`, mean and rstd `[...]`; the two statistics carry no gradient.
 */
export const LayerNorm = "LayerNorm";

/**
 * The gradients of {@link LayerNorm}. Inputs, an array: dy, x, weight where the attributes say so, mean, rstd.
 * Outputs: the gradients of the inputs of {@link LayerNorm}, in their order.
 */
export const LayerNormGrad = "LayerNormGrad";

/** Attributes of both LayerNorm kernels. */
export interface LayerNormAttrs {
  readonly hasWeight: boolean;
  readonly hasBias: boolean;
  /** Added to the variance; positive. */
  readonly eps: number;
}

/**
 * y = x · rstd · (weight + weightOffset), with rstd = 1 / sqrt(mean of x² + eps) of each row. Zhang and Sennrich 2019.
 *
 * Inputs, an array: x `[..., features]`, then weight `[features]` where the attributes say so; without, the factor is 1.
 * Outputs: y `[..., features]` and rstd `[...]`, which carries no gradient.
 */
export const RMSNorm = "RMSNorm";

/**
 * The gradients of {@link RMSNorm}. Inputs, an array: dy, x, weight where the attributes say so, rstd.
 * Outputs: the gradients of x and, where there is one, of the weight.
 */
export const RMSNormGrad = "RMSNormGrad";

/** Attributes of both RMSNorm kernels. */
export interface RMSNormAttrs {
  readonly hasWeight: boolean;
  /** Added to the mean square; positive. */
  readonly eps: number;
  /** 1 where weights are stored as their distance from 1, as Gemma does; else 0. */
  readonly weightOffset: 0 | 1;
}
