import { type MultiHeadAttention, type MultiHeadAttentionSizes, multiHeadAttention } from "@tfblocks/attention";
import { Composite, type Parts, Random } from "@tfblocks/tensor-utils";
import { use } from "@tfblocks/testkit";

/** A model that is one attention. */
export class Alone extends Composite {
  readonly attention: MultiHeadAttention;

  constructor({ attention }: { readonly attention: MultiHeadAttention }) {
    super("Alone");
    this.attention = attention;
  }

  parts(): Parts {
    return { attention: this.attention };
  }
}

/** Width 8, four heads of width 4, unless the sizes say otherwise. */
export function alone(sizes: Partial<MultiHeadAttentionSizes> = {}): Alone {
  return use(new Alone({ attention: multiHeadAttention({ dModel: 8, numHeads: 4, headDim: 4, random: new Random(2), ...sizes }) }));
}
