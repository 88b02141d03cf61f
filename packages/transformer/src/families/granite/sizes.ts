import { type Complete, type Defaults, derived } from "@tfblocks/tensor-utils";
import { llamaLikeDefaults, type LlamaLikeSizes } from "../shared/llama-like-sizes.js";

/** Sizes of {@link granite}. */
export interface GraniteSizes extends LlamaLikeSizes {
  /** Whether attention's projections have biases; default false. */
  readonly attentionBias?: boolean;
  /** Whether the feed-forward network has biases; default false. */
  readonly feedForwardBias?: boolean;
  /** Factor of the token embedding; default 1. */
  readonly embeddingScale?: number;
  /** Factor of the scores; default 1 / sqrt(headDim). */
  readonly attentionScale?: number;
  /** Factor of a sublayer's output before it is added to the stream; default 1. */
  readonly residualScale?: number;
  /** Logits are divided by it; default 1. */
  readonly logitDivisor?: number;
}

export const trainedLength = 2048;

export const plainDefaults = { attentionBias: false, feedForwardBias: false, embeddingScale: 1, residualScale: 1, logitDivisor: 1 };

export const defaults: Defaults<GraniteSizes> = {
  ...llamaLikeDefaults("granite", trainedLength),
  ...plainDefaults,
  attentionScale: derived(({ headDim }: Complete<GraniteSizes>) => 1 / Math.sqrt(headDim)),
};
