import type { Tensor } from "@tensorflow/tfjs-core";
import { checkObject, checkShapes, checkUnknown, scope } from "@tfblocks/tensor-utils";
import { hasKernel, RMSNorm as RMSNormKernel, type RMSNormAttrs, runKernel } from "@tfblocks/tensor-utils/kernels";
import { checkEps } from "./check-eps.js";
import { checkWeightOffset } from "./check-weight-offset.js";
import { composedRMSNorm } from "./composed-rms-norm.js";

/** Options of {@link rmsNorm}. */
export interface RMSNormOptions {
  /** `[features]`, factor of the normalised values once `weightOffset` is added; without it the factor is 1. */
  readonly weight?: Tensor | undefined;
  /** Added to the mean square, inside the root; positive, default 1e-6. */
  readonly eps?: number;
  /** 1 where weights are stored as their distance from 1, as Gemma does; default 0. */
  readonly weightOffset?: 0 | 1;
}

/**
 * Root-mean-square normalisation over the last dimension: x / sqrt(mean of x² + eps) · (weight + weightOffset).
 *
 * Values may be as large as 1e15. A row that holds a NaN gives NaN. Differentiable once by x and weight.
 * Source: Zhang and Sennrich 2019, "Root mean square layer normalization".
 *
 * @param x `[..., features]`
 * @returns `[..., features]`
 * @throws ShapeError when x has no dimension, or the weight is not `[features]`
 * @throws ValueError when eps is not positive, `weightOffset` neither 0 nor 1, or an option is unknown
 * @throws DTypeError, DisposedError when a tensor is no live float32 one
 */
export function rmsNorm(x: Tensor, options: RMSNormOptions = {}): Tensor {
  const { weight, eps = 1e-6, weightOffset = 0, ...unknown } = checkObject("rmsNorm", "options", options);
  checkUnknown("rmsNorm", "options", unknown);
  checkEps("rmsNorm", eps);
  checkWeightOffset("rmsNorm", weightOffset);
  checkShapes("rmsNorm", {
    x: [x, "... features"],
    ...(weight !== undefined && { weight: [weight, "features"] as const }),
  });
  const attrs: RMSNormAttrs = { hasWeight: weight !== undefined, eps, weightOffset };
  const fused = x.size > 0 && hasKernel(RMSNormKernel);
  return scope(() => (fused ? fusedRMSNorm(x, weight, attrs) : composedRMSNorm(x, weight, attrs)));
}

function fusedRMSNorm(x: Tensor, weight: Tensor | undefined, attrs: RMSNormAttrs): Tensor {
  const inputs = [x, weight].filter((each) => each !== undefined);
  return runKernel(RMSNormKernel, inputs, attrs)[0];
}
