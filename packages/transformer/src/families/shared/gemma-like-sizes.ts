import type { ActivationName } from "@tfblocks/feed-forward";
import { type Complete, type Defaults, derived } from "@tfblocks/tensor-utils";
import { llamaLikeDefaults, type LlamaLikeSizes } from "./llama-like-sizes.js";
import type { Window } from "./window.js";

/** Sizes of Gemma 2 and Gemma 3. */
export interface GemmaLikeSizes extends Omit<LlamaLikeSizes, "activation" | "tiedHead"> {
  /** Whether attention's projections have biases; default false. */
  readonly attentionBias?: boolean;
  /** Scores are divided by its square root; default headDim. */
  readonly queryScalar?: number;
  /** Caps logits to ±this; Infinity = no cap. */
  readonly logitSoftcap?: number;
  /** The number of keys that a query of layer `index` sees, itself included; undefined = all before it. */
  readonly window?: Window;
  /** Default `"gelu_pytorch_tanh"`. */
  readonly activation?: ActivationName;
  /** Whether the head is the token embedding; default true. */
  readonly tiedHead?: boolean;
}

/** What both have in common where a builder or a config says nothing. */
export const plainGemmaDefaults = { attentionBias: false, activation: "gelu_pytorch_tanh", tiedHead: true } as const;

/** Where a config has no such fields, transformers takes 4 key-value heads, and 256 for a head's width and `query_pre_attn_scalar`. */
export const gemmaConfigDefaults = { numKvHeads: 4, headDim: 256, queryScalar: 256 } as const;

/** The length of a window where a builder or a config names none. */
export const windowLength = 4096;

/** The defaults that both have in common. @param name of the builder, for its errors */
export function gemmaLikeDefaults(name: string, trainedLength: number): Omit<Defaults<GemmaLikeSizes>, "logitSoftcap" | "window"> {
  return {
    ...llamaLikeDefaults(name, trainedLength),
    ...plainGemmaDefaults,
    queryScalar: derived(({ headDim }: Complete<GemmaLikeSizes>) => headDim),
  };
}
