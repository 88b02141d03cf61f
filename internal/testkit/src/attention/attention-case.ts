import type { Tensor } from "@tensorflow/tfjs-core";
import type { AttentionOptions, scaledDotProductAttention } from "@tfblocks/attention";
import * as masks from "@tfblocks/masks";
import { randomTensor } from "../tensors.js";

/** An implementation of scaled dot-product attention. */
export type Attend = typeof scaledDotProductAttention;

/** Sizes of one case; kvHeads default to heads, keyLength to queryLength, valueDim to headDim. */
export interface AttentionSizes {
  readonly batch?: number;
  readonly heads?: number;
  readonly kvHeads?: number;
  readonly queryLength?: number;
  readonly keyLength?: number;
  readonly headDim?: number;
  readonly valueDim?: number;
}

/** What a case of the suite asks for, without its numbers. */
export interface AttentionCase {
  readonly sizes?: AttentionSizes;
  readonly mask?: masks.Mask;
  readonly bias?: true;
  readonly sink?: true;
  readonly scale?: number;
  readonly softcap?: number;
  readonly dropout?: number;
}

/** A case with its tensors, which are disposed after the test. */
export interface PreparedCase {
  readonly sizes: Required<AttentionSizes>;
  readonly query: Tensor;
  readonly key: Tensor;
  readonly value: Tensor;
  readonly options: AttentionOptions;
}

/** Cases by title. */
export const attentionCases: readonly (readonly [string, AttentionCase])[] = [
  ["no mask", {}],
  ["cross-attention with another value width", { sizes: { queryLength: 3, keyLength: 7, valueDim: 6 } }],
  ["causal", { mask: masks.causal() }],
  ["causal with an offset", { sizes: { queryLength: 3, keyLength: 7 }, mask: masks.causal({ offset: 4 }) }],
  ["a window that leaves rows empty", { sizes: { queryLength: 7, keyLength: 3 }, mask: masks.slidingWindow({ left: 1, right: 0 }) }],
  ["padding and causal", { mask: masks.and(masks.causal(), masks.padding({ lengths: [3, 0] })) }],
  ["grouped heads, packed documents", { sizes: { heads: 4, kvHeads: 2 }, mask: masks.packed([2, 3]) }],
  ["multi-query with bias", { sizes: { heads: 3, kvHeads: 1 }, bias: true }],
  [
    "scale, bias, softcap, mask and sink together",
    { sizes: { heads: 4, kvHeads: 2, valueDim: 3 }, mask: masks.causal(), bias: true, sink: true, scale: 0.7, softcap: 2 },
  ],
  ["sink on empty rows", { mask: masks.and(masks.causal(), masks.padding({ lengths: [0, 2] })), sink: true }],
  ["dropout", { mask: masks.causal(), dropout: 0.4 }],
  ["headDim 1, one query, one key", { sizes: { queryLength: 1, keyLength: 1, headDim: 1 } }],
  ["headDim 47, length 49", { sizes: { queryLength: 49, headDim: 47, batch: 1 }, mask: masks.causal() }],
  ["headDim 129, length 48", { sizes: { queryLength: 48, headDim: 129, batch: 1, heads: 1 } }],
];

/** Makes the tensors of a case: seeded, and the same for equal sizes. */
export function prepare(given: AttentionCase = {}): PreparedCase {
  const sizes = fullSizes(given.sizes);
  const { batch, heads, kvHeads, queryLength, keyLength, headDim, valueDim } = sizes;
  const dropout = given.dropout === undefined ? {} : { dropout: given.dropout, training: true, seed: 9 };
  return {
    sizes,
    query: randomTensor([batch, heads, queryLength, headDim], 1),
    key: randomTensor([batch, kvHeads, keyLength, headDim], 2),
    value: randomTensor([batch, kvHeads, keyLength, valueDim], 3),
    options: {
      mask: given.mask,
      bias: given.bias && randomTensor([1, heads, queryLength, keyLength], 4),
      sink: given.sink && randomTensor([heads], 5),
      scale: given.scale,
      softcap: given.softcap,
      ...dropout,
    },
  };
}

function fullSizes({
  batch = 2,
  heads = 2,
  kvHeads = heads,
  queryLength = 5,
  keyLength = queryLength,
  headDim = 4,
  valueDim = headDim,
}: AttentionSizes = {}): Required<AttentionSizes> {
  return { batch, heads, kvHeads, queryLength, keyLength, headDim, valueDim };
}
