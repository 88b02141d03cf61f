import type { Defaults } from "@tfblocks/tensor-utils";
import { gemmaLikeDefaults, type GemmaLikeSizes, windowLength } from "../shared/gemma-like-sizes.js";
import type { Window } from "../shared/window.js";

/** Sizes of {@link gemma2}. */
export interface Gemma2Sizes extends Omit<GemmaLikeSizes, "logitSoftcap" | "window"> {
  /** Caps scores to ±this; default 50, Infinity = no cap. */
  readonly attentionSoftcap?: number;
  /** Caps logits to ±this; default 30, Infinity = no cap. */
  readonly logitSoftcap?: number;
  /** The number of keys that a query of layer `index` sees, itself included; default 4096 in every other layer, from the first. */
  readonly window?: Window;
}

export const trainedLength = 8192;

/** Whether a layer has a window by default. */
export function slides(index: number): boolean {
  return index % 2 === 0;
}

export const plainDefaults = { attentionSoftcap: 50, logitSoftcap: 30 } as const;

export const defaults: Defaults<Gemma2Sizes> = {
  ...gemmaLikeDefaults("gemma2", trainedLength),
  ...plainDefaults,
  window: (index) => (slides(index) ? windowLength : undefined),
};
