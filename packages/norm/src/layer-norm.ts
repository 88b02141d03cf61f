import type { Tensor } from "@tensorflow/tfjs-core";
import { checkObject, checkShapes, checkUnknown, scope } from "@tfblocks/tensor-utils";
import { hasKernel, LayerNorm as LayerNormKernel, type LayerNormAttrs, runKernel } from "@tfblocks/tensor-utils/kernels";
import { checkEps } from "./check-eps.js";
import { composedLayerNorm } from "./composed-layer-norm.js";

/** Options of {@link layerNorm}. */
export interface LayerNormOptions {
  /** `[features]`, factor of the normalised values; default 1. */
  readonly weight?: Tensor | undefined;
  /** `[features]`, added last; default 0. */
  readonly bias?: Tensor | undefined;
  /** Added to the variance, inside the root; positive, default 1e-5. */
  readonly eps?: number;
}

/**
 * Layer normalisation over the last dimension: (x - mean) / sqrt(variance + eps) · weight + bias.
 *
 * The variance is the biased one, mean of (x - mean)², taken of what is left once the mean is gone, so rows of mean 1e4
 * and spread 1 keep their digits; values may be as large as 1e15. A row that holds a NaN or an infinity gives NaN.
 * Differentiable once by x, weight and bias. Source: Ba, Kiros and Hinton 2016, "Layer normalization".
 *
 * @param x `[..., features]`
 * @returns `[..., features]`
 * @throws ShapeError when x has no dimension, or weight or bias are not `[features]`
 * @throws ValueError when eps is not positive or an option is unknown
 * @throws DTypeError, DisposedError when a tensor is no live float32 one
 */
export function layerNorm(x: Tensor, options: LayerNormOptions = {}): Tensor {
  const { weight, bias, eps = 1e-5, ...unknown } = checkObject("layerNorm", "options", options);
  checkUnknown("layerNorm", "options", unknown);
  checkEps("layerNorm", eps);
  checkShapes("layerNorm", {
    x: [x, "... features"],
    ...(weight !== undefined && { weight: [weight, "features"] as const }),
    ...(bias !== undefined && { bias: [bias, "features"] as const }),
  });
  const fused = x.size > 0 && hasKernel(LayerNormKernel);
  return scope(() => (fused ? fusedLayerNorm(x, weight, bias, eps) : composedLayerNorm(x, weight, bias, eps)));
}

function fusedLayerNorm(x: Tensor, weight: Tensor | undefined, bias: Tensor | undefined, eps: number): Tensor {
  const attrs: LayerNormAttrs = { hasWeight: weight !== undefined, hasBias: bias !== undefined, eps };
  const inputs = [x, weight, bias].filter((each) => each !== undefined);
  return runKernel(LayerNormKernel, inputs, attrs)[0];
}
