import { ones, type Tensor, type Variable, zeros } from "@tensorflow/tfjs-core";
import {
  type Block,
  Composite,
  checkInteger,
  checkObject,
  checkUnknown,
  joinParameters,
  parameter,
  type Parts,
} from "@tfblocks/tensor-utils";
import { checkEps } from "./check-eps.js";
import { checkFeatures } from "./check-features.js";
import { layerNorm } from "./layer-norm.js";

/** Sizes of a {@link LayerNorm}. */
export interface LayerNormConfig {
  /** Size of the last dimension. */
  readonly features: number;
  /** Added to the variance, inside the root; positive, default 1e-5. */
  readonly eps?: number;
  /** Whether to add a bias; default true. */
  readonly bias?: boolean;
}

/**
 * {@link layerNorm} with parameters `weight` `[features]`, which starts at 1, and `bias` `[features]`, at 0.
 * `nn.LayerNorm(features)` of PyTorch.
 */
export class LayerNorm extends Composite implements Block {
  readonly eps: number;
  readonly weight: Variable;
  readonly bias: Variable | undefined;

  /** @throws ValueError when `features` is no positive integer, eps not positive, or an option is unknown */
  constructor(config: LayerNormConfig) {
    super("LayerNorm");
    const { features, eps = 1e-5, bias = true, ...unknown } = checkObject("LayerNorm", "config", config);
    checkUnknown("LayerNorm", "config", unknown);
    checkInteger("LayerNorm", "features", features, 1);
    checkEps("LayerNorm", eps);
    this.eps = eps;
    this.weight = parameter(() => ones([features]));
    this.bias = bias ? parameter(() => zeros([features])) : undefined;
  }

  /**
   * @param x `[..., features]` @returns `[..., features]`
   * @throws ShapeError, DTypeError, DisposedError when it is no live float32 tensor of that shape
   */
  apply(x: Tensor): Tensor {
    checkFeatures("LayerNorm.apply", x, this.weight);
    return layerNorm(x, { weight: this.weight, bias: this.bias, eps: this.eps });
  }

  parts(): Parts {
    return joinParameters({ weight: this.weight, bias: this.bias });
  }
}
