import type { Tensor } from "@tensorflow/tfjs-core";
import { type Block, checkBlock, checkOptions, Composite, type Parts, scope } from "@tfblocks/tensor-utils";

/** A map followed by an activation: activation(map(x)). Its parameters are those of the map. */
export class Activated extends Composite implements Block {
  readonly map: Block;
  readonly activation: (x: Tensor) => Tensor;

  /** @throws ValueError when the map is not a block, or a part is unknown */
  constructor(parts: { readonly map: Block; readonly activation: (x: Tensor) => Tensor }) {
    super("Activated");
    const { map, activation } = checkOptions("Activated", parts, { map: true, activation: true }, "part");
    this.map = checkBlock("Activated", "map", map);
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
