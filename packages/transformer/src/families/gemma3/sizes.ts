import type { Defaults } from "@tfblocks/tensor-utils";
import { gemmaLikeDefaults, type GemmaLikeSizes, windowLength } from "../shared/gemma-like-sizes.js";
import type { Window } from "../shared/window.js";

/** Sizes of {@link gemma3}. */
export interface Gemma3Sizes extends Omit<GemmaLikeSizes, "logitSoftcap" | "theta" | "scaling" | "window"> {
  /** Caps logits to ±this; default Infinity, no cap. */
  readonly logitSoftcap?: number;
  /** Base of the rotary frequencies in layers without a window; default 1,000,000. */
  readonly theta?: number;
  /** Base of the rotary frequencies in layers with a window; default 10,000. */
  readonly localTheta?: number;
  /** How the frequencies are scaled for long inputs in layers without a window; default not at all. */
  readonly scaling?: GemmaLikeSizes["scaling"];
  /** The number of keys that a query of layer `index` sees, itself included; default 4096 in all layers but every sixth. */
  readonly window?: Window;
}

export const trainedLength = 131_072;

/** Every layer of this number has no window, where a config does not say. */
export const fullInterval = 6;

export const plainDefaults: Required<Pick<Gemma3Sizes, "theta" | "localTheta" | "logitSoftcap">> = {
  theta: 1_000_000,
  localTheta: 10_000,
  logitSoftcap: Infinity,
};

/** Whether a layer has a window: all but every `interval`-th. */
export function slidesBut(interval: number): (index: number) => boolean {
  return (index) => (index + 1) % interval !== 0;
}

export const defaults: Defaults<Gemma3Sizes> = {
  ...gemmaLikeDefaults("gemma3", trainedLength),
  ...plainDefaults,
  window: (index) => (slidesBut(fullInterval)(index) ? windowLength : undefined),
};
