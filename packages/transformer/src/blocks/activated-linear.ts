import type { Tensor } from "@tensorflow/tfjs-core";
import { type Block, type Linear, scope, Composite, type Parts } from "@tfblocks/tensor-utils";

/** activation(x Wᵀ + b). Parameters: `weight`, `bias`. */
export class ActivatedLinear extends Composite implements Block {
  readonly linear: Linear;
  readonly activation: (x: Tensor) => Tensor;

  constructor(linear: Linear, activation: (x: Tensor) => Tensor) {
    super("ActivatedLinear");
    this.linear = linear;
    this.activation = activation;
  }

  /** @param x `[..., inFeatures]` @returns `[..., outFeatures]` */
  apply(x: Tensor): Tensor {
    return scope(() => this.activation(this.linear.apply(x)));
  }

  parts(): Parts {
    return this.linear.parameters();
  }
}
