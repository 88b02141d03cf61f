import type { ActivationName } from "@tfblocks/feed-forward";
import { type Defaults, derived, size } from "@tfblocks/tensor-utils";
import { headDimOf, modelDefaults, type ModelSizes } from "../shared/model-sizes.js";
import type { Window } from "../shared/window.js";

/** Sizes of {@link gemma2}. */
export interface Gemma2Sizes extends ModelSizes {
  readonly hiddenDim: number;
  /** A divisor of numHeads; default numHeads. */
  readonly numKvHeads?: number;
  /** Default dModel / numHeads. */
  readonly headDim?: number;
  /** Base of the rotary frequencies; default 10000. */
  readonly theta?: number;
  /** Scores are divided by its square root; default headDim. */
  readonly queryScalar?: number;
  /** Caps scores to ±this; default 50. */
  readonly attentionSoftcap?: number;
  /** Caps logits to ±this; default 30. */
  readonly logitSoftcap?: number;
  /** The number of keys that a query of layer `index` sees, itself included; default 4096 in every other layer, from the first. */
  readonly window?: Window | undefined;
  /** Default `"gelu_pytorch_tanh"`. */
  readonly activation?: ActivationName;
  /** Default 1e-6. */
  readonly eps?: number;
}

export const plainDefaults = {
  theta: 10000,
  attentionSoftcap: 50,
  logitSoftcap: 30,
  activation: "gelu_pytorch_tanh",
  eps: 1e-6,
} as const;

export const windowLength = 4096;

/** Whether a layer has a window by default. */
export function slides(index: number): boolean {
  return index % 2 === 0;
}

export const defaults: Defaults<Gemma2Sizes> = {
  ...modelDefaults,
  hiddenDim: size,
  numKvHeads: derived(({ numHeads }) => numHeads),
  headDim: derived((sizes) => headDimOf("gemma2", sizes)),
  queryScalar: derived(({ headDim }) => headDim),
  window: (index) => (slides(index) ? windowLength : undefined),
  ...plainDefaults,
};
