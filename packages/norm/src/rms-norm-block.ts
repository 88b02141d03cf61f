import { fill, type Tensor, type Variable } from "@tensorflow/tfjs-core";
import { type Block, checkPositive, Composite, type Defaults, parameter, type Parts, size, withDefaults } from "@tfblocks/tensor-utils";
import { checkFeatures, checkWeightOffset } from "./checks.js";
import { defaultEps, rmsNorm } from "./rms-norm.js";

/** Sizes of an {@link RMSNorm}. */
export interface RMSNormSizes {
  /** Size of the last dimension. */
  readonly features: number;
  /** Added to the mean square, inside the root; positive, default 1e-6. */
  readonly eps?: number;
  /** 1 when weights are stored minus 1, as in Gemma; default 0. */
  readonly weightOffset?: 0 | 1;
}

const defaults: Defaults<RMSNormSizes> = { features: size, eps: defaultEps, weightOffset: 0 };

/**
 * {@link rmsNorm} with one parameter, `weight` `[features]`. It starts at 1 - weightOffset, so that the first
 * factor is 1. PyTorch's `nn.RMSNorm` has a different default eps, 1.2e-7.
 */
export class RMSNorm extends Composite implements Block {
  readonly eps: number;
  readonly weightOffset: 0 | 1;
  readonly weight: Variable;

  /**
   * @throws ValueError when `features` is not a positive integer, eps is not positive, `weightOffset` is neither 0 nor
   *   1, or a size is unknown
   */
  constructor(sizes: RMSNormSizes) {
    super("RMSNorm");
    const { features, eps, weightOffset } = withDefaults("RMSNorm", sizes, defaults);
    checkPositive("RMSNorm", "eps", eps);
    checkWeightOffset("RMSNorm", weightOffset);
    this.eps = eps;
    this.weightOffset = weightOffset;
    this.weight = parameter(() => fill([features], 1 - weightOffset));
  }

  /**
   * @param x `[..., features]` @returns `[..., features]`
   * @throws ShapeError, DTypeError, DisposedError when x is not a live float32 tensor of that shape
   */
  apply(x: Tensor): Tensor {
    checkFeatures("RMSNorm.apply", x, this.weight);
    return rmsNorm(x, { weight: this.weight, eps: this.eps, weightOffset: this.weightOffset });
  }

  parts(): Parts {
    return { weight: this.weight };
  }
}
