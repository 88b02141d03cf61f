import type { Tensor } from "@tensorflow/tfjs-core";
import { type Block, Composite, type Parts, scope } from "@tfblocks/tensor-utils";

/** A map and the function applied to its output: activation(map(x)). The parameters are those of the map. */
export class Activated extends Composite implements Block {
  readonly map: Block;
  readonly activation: (x: Tensor) => Tensor;

  constructor({ map, activation }: { readonly map: Block; readonly activation: (x: Tensor) => Tensor }) {
    super("Activated");
    this.map = map;
    this.activation = activation;
  }

  /** @param x `[..., inFeatures]` @returns `[..., outFeatures]` */
  apply(x: Tensor): Tensor {
    return scope(() => this.activation(this.map.apply(x)));
  }

  parts(): Parts {
    return { "": this.map };
  }
}
