import { type Complete, type Defaults, derived } from "@tfblocks/tensor-utils";
import { llamaLikeDefaults, type LlamaLikeSizes } from "../shared/llama-like-sizes.js";
import { noWindow, type Window } from "../shared/window.js";

/** Sizes of {@link phi3}. */
export interface Phi3Sizes extends Omit<LlamaLikeSizes, "eps"> {
  /** Dimensions of each head that are rotated, counted from the first; default headDim. */
  readonly rotaryDim?: number;
  /** The number of keys that a query of layer `index` sees, itself included, the same in every layer; default all. */
  readonly window?: Window;
  /** Default 1e-5. */
  readonly eps?: number;
}

export const trainedLength = 4096;

export const plainDefaults: Required<Pick<Phi3Sizes, "eps" | "window">> = { eps: 1e-5, window: noWindow };

export const defaults: Defaults<Phi3Sizes> = {
  ...llamaLikeDefaults("phi3", trainedLength),
  ...plainDefaults,
  rotaryDim: derived(({ headDim }: Complete<Phi3Sizes>) => headDim),
};
