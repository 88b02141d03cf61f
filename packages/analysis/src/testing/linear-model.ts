import type { Tensor } from "@tensorflow/tfjs-core";
import { multiHeadAttention } from "@tfblocks/attention";
import { type Block, Composite, Linear, normalInit, own, type Parts, Random, scope } from "@tfblocks/tensor-utils";
import { use } from "@tfblocks/testkit";
import { TransformerLayer } from "@tfblocks/transformer";

class Identity extends Composite implements Block {
  constructor() {
    super("Identity");
  }

  apply(x: Tensor): Tensor {
    return own(x);
  }

  parts(): Parts {
    return {};
  }
}

/** down(up(x)). */
class LinearNetwork extends Composite implements Block {
  readonly up: Linear;
  readonly down: Linear;

  constructor({ up, down }: { readonly up: Linear; readonly down: Linear }) {
    super("LinearNetwork");
    this.up = up;
    this.down = down;
  }

  apply(x: Tensor): Tensor {
    return scope(() => this.down.apply(this.up.apply(x)));
  }

  parts(): Parts {
    return { up: this.up, down: this.down };
  }
}

/** Layers without norms, and with networks without activation. For a text of one token, everything in it is linear. */
export class LinearModel extends Composite implements Block {
  readonly layers: readonly TransformerLayer[];

  constructor({ layers }: { readonly layers: readonly TransformerLayer[] }) {
    super("LinearModel");
    this.layers = layers;
  }

  apply(x: Tensor): Tensor {
    return scope(() => this.layers.reduce((y, layer) => layer.apply(y).output as Tensor, x));
  }

  parts(): Parts {
    return { layers: this.layers };
  }
}

/** Three layers of two heads; every width is 4. */
export function linearModel(): LinearModel {
  const random = new Random(5);
  const init = normalInit(0.5);
  const linear = (name: string, layer: number) => new Linear({ inFeatures: 4, outFeatures: 4, init, random: random.split(name + layer) });
  const layers = [0, 1, 2].map((layer) => {
    const attention = multiHeadAttention({ dModel: 4, numHeads: 2, init, random: random.split(`attention${layer}`) });
    const feedForward = new LinearNetwork({ up: linear("up", layer), down: linear("down", layer) });
    return new TransformerLayer({ attention, attentionNorm: new Identity(), feedForward, feedForwardNorm: new Identity() });
  });
  return use(new LinearModel({ layers }));
}
