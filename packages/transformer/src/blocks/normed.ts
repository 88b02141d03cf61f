import type { Tensor } from "@tensorflow/tfjs-core";
import { type Block, checkBlock, checkOptions, Composite, type Parts, type Projection, scope } from "@tfblocks/tensor-utils";

/**
 * A map followed by a norm over its whole width: norm(map(x)), for example of the queries and keys of OLMo 2, before they are split
 * into heads. Parameters: those of the map, and `norm.*`.
 */
export class Normed extends Composite implements Projection {
  readonly map: Projection;
  readonly norm: Block;

  /** @throws ValueError when the map or the norm is not a block, or a part is unknown */
  constructor(parts: { readonly map: Projection; readonly norm: Block }) {
    super("Normed");
    const { map, norm } = checkOptions("Normed", parts, { map: true, norm: true }, "part");
    this.map = checkBlock("Normed", "map", map);
    this.norm = checkBlock("Normed", "norm", norm);
  }

  get inFeatures(): number | undefined {
    return this.map.inFeatures;
  }

  get outFeatures(): number | undefined {
    return this.map.outFeatures;
  }

  /** @param x `[..., inFeatures]` @returns `[..., outFeatures]` */
  apply(x: Tensor): Tensor {
    return scope(() => this.norm.apply(this.map.apply(x)));
  }

  parts(): Parts {
    return { "": this.map, norm: this.norm };
  }
}
