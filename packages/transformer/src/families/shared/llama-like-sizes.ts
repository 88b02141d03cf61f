import type { ActivationName } from "@tfblocks/feed-forward";
import type { RotaryScaling } from "@tfblocks/positional";
import { type Defaults, derived, size } from "@tfblocks/tensor-utils";
import type { HeadSizes } from "./language-head.js";
import { headDimOf, modelDefaults, type ModelSizes } from "./model-sizes.js";

/** Sizes of Llama and of the families that are like it. */
export interface LlamaLikeSizes extends ModelSizes, HeadSizes {
  readonly hiddenDim: number;
  /** Number of key-value heads, a divisor of numHeads; default numHeads. */
  readonly numKvHeads?: number;
  /** Default dModel / numHeads. */
  readonly headDim?: number;
  /** Base of the rotary frequencies; default 10000. */
  readonly theta?: number;
  /** How the frequencies are scaled for long inputs; default not at all. */
  readonly scaling?: RotaryScaling | undefined;
  /** Longest input in training, which configs name and nothing enforces; default that of the family in Hugging Face's transformers. */
  readonly trainedLength?: number;
  /** Default `"silu"`. */
  readonly activation?: ActivationName;
  /** Default 1e-6. */
  readonly eps?: number;
}

export const plainDefaults = { theta: 10000, activation: "silu", eps: 1e-6, languageHead: true, tiedHead: false } as const;

/** The defaults of {@link LlamaLikeSizes}. @param name of the builder, for its errors */
export function llamaLikeDefaults(name: string, trainedLength: number): Defaults<LlamaLikeSizes> {
  return {
    ...modelDefaults,
    hiddenDim: size,
    numKvHeads: derived(({ numHeads }) => numHeads),
    headDim: derived((sizes) => headDimOf(name, sizes)),
    scaling: undefined,
    trainedLength,
    ...plainDefaults,
  };
}
