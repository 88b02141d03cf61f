import type { ActivationName } from "@tfblocks/feed-forward";
import { type Complete, type Defaults, derived } from "@tfblocks/tensor-utils";
import { llamaLikeDefaults, type LlamaLikeSizes } from "../shared/llama-like-sizes.js";
import type { Window } from "../shared/window.js";

/** Sizes of {@link gemma2}. */
export interface Gemma2Sizes extends Omit<LlamaLikeSizes, "activation" | "tiedHead"> {
  /** Whether attention's projections have biases; default false. */
  readonly attentionBias?: boolean;
  /** Scores are divided by its square root; default headDim. */
  readonly queryScalar?: number;
  /** Caps scores to ±this; default 50, Infinity = no cap. */
  readonly attentionSoftcap?: number;
  /** Caps logits to ±this; default 30, Infinity = no cap. */
  readonly logitSoftcap?: number;
  /** The number of keys that a query of layer `index` sees, itself included; default 4096 in every other layer, from the first. */
  readonly window?: Window;
  /** Default `"gelu_pytorch_tanh"`. */
  readonly activation?: ActivationName;
  /** Whether the head is the token embedding; default true. */
  readonly tiedHead?: boolean;
}

export const trainedLength = 8192;

export const windowLength = 4096;

/** Whether a layer has a window by default. */
export function slides(index: number): boolean {
  return index % 2 === 0;
}

export const plainDefaults = {
  attentionBias: false,
  attentionSoftcap: 50,
  logitSoftcap: 30,
  activation: "gelu_pytorch_tanh",
  tiedHead: true,
} as const;

export const defaults: Defaults<Gemma2Sizes> = {
  ...llamaLikeDefaults("gemma2", trainedLength),
  ...plainDefaults,
  queryScalar: derived(({ headDim }: Complete<Gemma2Sizes>) => headDim),
  window: (index) => (slides(index) ? windowLength : undefined),
};
