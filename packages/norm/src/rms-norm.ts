import type { Tensor } from "@tensorflow/tfjs-core";
import { checkOptions, checkPositive, checkShapes, type OptionNames, scope } from "@tfblocks/tensor-utils";
import { hasKernel, RMSNorm as RMSNormKernel, type RMSNormAttrs, runKernel } from "@tfblocks/tensor-utils/kernels";
import { checkWeightOffset } from "./checks.js";
import { composedRMSNorm } from "./composed-rms-norm.js";

/** Options of {@link rmsNorm}. */
export interface RMSNormOptions {
  /** `[features]`; weight + weightOffset multiplies the normalised values. Default: a factor of 1. */
  readonly weight?: Tensor | undefined;
  /** Added to the mean square, inside the root; positive, default 1e-6. */
  readonly eps?: number;
  /** 1 when weights are stored minus 1, as in Gemma; default 0. */
  readonly weightOffset?: 0 | 1;
}

const optionNames: OptionNames<RMSNormOptions> = { weight: true, eps: true, weightOffset: true };

/** The eps of `rmsNorm` and `RMSNorm`, that of Llama. */
export const defaultEps = 1e-6;

/**
 * Root-mean-square normalisation over the last dimension: x / sqrt(mean of x² + eps) · (weight + weightOffset).
 *
 * Values may be as large as float32 goes, where PyTorch gives 0 from 1e20 on; on a graphics processor as large as 1e15.
 * A row that contains NaN becomes NaN. Differentiable once with respect to x and weight.
 * Source: Zhang and Sennrich 2019, "Root mean square layer normalization".
 *
 * @param x `[..., features]`
 * @returns `[..., features]`
 * @throws ShapeError when x has no dimension, or the weight is not `[features]`
 * @throws ValueError when eps is not positive, `weightOffset` is neither 0 nor 1, or an option is unknown
 * @throws DTypeError, DisposedError when a tensor is not live or not float32
 */
export function rmsNorm(x: Tensor, options: RMSNormOptions = {}): Tensor {
  const { weight, eps = defaultEps, weightOffset = 0 } = checkOptions("rmsNorm", options, optionNames);
  checkPositive("rmsNorm", "eps", eps);
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
