import type { Tensor } from "@tensorflow/tfjs-core";
import { checkOptions, checkPositive, checkShapes, type OptionNames, scope } from "@tfblocks/tensor-utils";
import { hasKernel, LayerNorm as LayerNormKernel, type LayerNormAttrs, runKernel } from "@tfblocks/tensor-utils/kernels";
import { composedLayerNorm } from "./composed-layer-norm.js";

/** Options of {@link layerNorm}. */
export interface LayerNormOptions {
  /** `[features]`, multiplies the normalised values; default 1. */
  readonly weight?: Tensor | undefined;
  /** `[features]`, added last; default 0. */
  readonly bias?: Tensor | undefined;
  /** Added to the variance, inside the root; positive, default 1e-5. */
  readonly eps?: number;
}

const optionNames: OptionNames<LayerNormOptions> = { weight: true, bias: true, eps: true };

/** The eps of `layerNorm` and `LayerNorm`, PyTorch's. */
export const defaultEps = 1e-5;

/**
 * Layer normalisation over the last dimension: (x - mean) / sqrt(variance + eps) · weight + bias.
 *
 * The variance is biased: the mean of (x - mean)². It is computed from the deviations, so rows with mean 1e4 and standard
 * deviation 1 stay accurate. Values may be as large as float32 goes, where PyTorch gives NaN from 1e20 on; on a graphics
 * processor as large as 1e15. A row that contains NaN or an infinity becomes NaN.
 * Differentiable once with respect to x, weight and bias. Source: Ba, Kiros and Hinton 2016, "Layer normalization".
 *
 * @param x `[..., features]`
 * @returns `[..., features]`
 * @throws ShapeError when x has no dimension, or weight or bias is not `[features]`
 * @throws ValueError when eps is not positive or an option is unknown
 * @throws DTypeError, DisposedError when a tensor is not live or not float32
 */
export function layerNorm(x: Tensor, options: LayerNormOptions = {}): Tensor {
  const { weight, bias, eps = defaultEps } = checkOptions("layerNorm", options, optionNames);
  checkPositive("layerNorm", "eps", eps);
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
