import { fill, type Tensor, type Variable } from "@tensorflow/tfjs-core";
import { type Block, Composite, checkInteger, checkObject, checkUnknown, parameter, type Parts } from "@tfblocks/tensor-utils";
import { checkEps } from "./check-eps.js";
import { checkFeatures } from "./check-features.js";
import { checkWeightOffset } from "./check-weight-offset.js";
import { rmsNorm } from "./rms-norm.js";

/** Sizes of an {@link RMSNorm}. */
export interface RMSNormConfig {
  /** Size of the last dimension. */
  readonly features: number;
  /** Added to the mean square, inside the root; positive, default 1e-6. */
  readonly eps?: number;
  /** 1 where weights are stored as their distance from 1, as Gemma does; default 0. */
  readonly weightOffset?: 0 | 1;
}

/**
 * {@link rmsNorm} with the parameter `weight` `[features]`, which starts at 1 - weightOffset, so that the factor is 1.
 * PyTorch's `nn.RMSNorm` has another default eps, 1.2e-7.
 */
export class RMSNorm extends Composite implements Block {
  readonly eps: number;
  readonly weightOffset: 0 | 1;
  readonly weight: Variable;

  /** @throws ValueError when `features` is no positive integer, eps not positive, `weightOffset` neither 0 nor 1, or an option is unknown */
  constructor(config: RMSNormConfig) {
    super("RMSNorm");
    const { features, eps = 1e-6, weightOffset = 0, ...unknown } = checkObject("RMSNorm", "config", config);
    checkUnknown("RMSNorm", "config", unknown);
    checkInteger("RMSNorm", "features", features, 1);
    checkEps("RMSNorm", eps);
    checkWeightOffset("RMSNorm", weightOffset);
    this.eps = eps;
    this.weightOffset = weightOffset;
    this.weight = parameter(() => fill([features], 1 - weightOffset));
  }

  /**
   * @param x `[..., features]` @returns `[..., features]`
   * @throws ShapeError, DTypeError, DisposedError when it is no live float32 tensor of that shape
   */
  apply(x: Tensor): Tensor {
    checkFeatures("RMSNorm.apply", x, this.weight);
    return rmsNorm(x, { weight: this.weight, eps: this.eps, weightOffset: this.weightOffset });
  }

  parts(): Parts {
    return { weight: this.weight };
  }
}
