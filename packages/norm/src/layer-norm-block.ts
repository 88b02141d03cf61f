import { ones, type Tensor, type Variable, zeros } from "@tensorflow/tfjs-core";
import { type Block, checkPositive, Composite, type Defaults, parameter, type Parts, size, withDefaults } from "@tfblocks/tensor-utils";
import { checkFeatures } from "./checks.js";
import { defaultEps, layerNorm } from "./layer-norm.js";

/** Sizes of a {@link LayerNorm}. */
export interface LayerNormSizes {
  /** Size of the last dimension. */
  readonly features: number;
  /** Added to the variance, inside the root; positive, default 1e-5. */
  readonly eps?: number;
  /** Whether to add a bias; default true. */
  readonly bias?: boolean;
}

const defaults: Defaults<LayerNormSizes> = { features: size, eps: defaultEps, bias: true };

/**
 * {@link layerNorm} with two parameters: `weight` `[features]`, which starts as ones, and `bias` `[features]`, which
 * starts as zeros. The same as PyTorch's `nn.LayerNorm(features)`.
 */
export class LayerNorm extends Composite implements Block {
  readonly eps: number;
  readonly weight: Variable;
  readonly bias: Variable | undefined;

  /** @throws ValueError when `features` is not a positive integer, eps is not positive, or a size is unknown */
  constructor(sizes: LayerNormSizes) {
    super("LayerNorm");
    const { features, eps, bias } = withDefaults("LayerNorm", sizes, defaults);
    checkPositive("LayerNorm", "eps", eps);
    this.eps = eps;
    this.weight = parameter(() => ones([features]));
    this.bias = bias ? parameter(() => zeros([features])) : undefined;
  }

  /**
   * @param x `[..., features]` @returns `[..., features]`
   * @throws ShapeError, DTypeError, DisposedError when x is not a live float32 tensor of that shape
   */
  apply(x: Tensor): Tensor {
    checkFeatures("LayerNorm.apply", x, this.weight);
    return layerNorm(x, { weight: this.weight, bias: this.bias, eps: this.eps });
  }

  parts(): Parts {
    return { weight: this.weight, bias: this.bias };
  }
}
