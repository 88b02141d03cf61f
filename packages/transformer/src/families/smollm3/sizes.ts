import type { Defaults } from "@tfblocks/tensor-utils";
import { llamaLikeDefaults, type LlamaLikeSizes } from "../shared/llama-like-sizes.js";
import { noWindow, type Window } from "../shared/window.js";

/** Sizes of {@link smollm3}. */
export interface Smollm3Sizes extends Omit<LlamaLikeSizes, "theta" | "tiedHead"> {
  /** Whether attention's projections have biases; default false. */
  readonly attentionBias?: boolean;
  /** Whether the feed-forward network has biases; default false. */
  readonly feedForwardBias?: boolean;
  /** Base of the rotary frequencies; default 2,000,000. */
  readonly theta?: number;
  /** Whether layer `index` rotates its queries and keys; default all layers but every fourth. */
  readonly rotates?: (index: number) => boolean;
  /** The number of keys that a query of layer `index` sees, itself included; default all in every layer. */
  readonly window?: Window;
  /** Whether the head is the token embedding; default true. */
  readonly tiedHead?: boolean;
}

export const trainedLength = 32_768;

/** Every layer of this number does not rotate, where a config does not say. */
export const unrotatedInterval = 4;

export const plainDefaults: Required<Pick<Smollm3Sizes, "attentionBias" | "feedForwardBias" | "theta" | "window" | "tiedHead">> = {
  attentionBias: false,
  feedForwardBias: false,
  theta: 2_000_000,
  window: noWindow,
  tiedHead: true,
};

export const defaults: Defaults<Smollm3Sizes> = {
  ...llamaLikeDefaults("smollm3", trainedLength),
  ...plainDefaults,
  rotates: rotatesBut(unrotatedInterval),
};

/** All layers but every `interval`-th. */
export function rotatesBut(interval: number): (index: number) => boolean {
  return (index) => (index + 1) % interval !== 0;
}
