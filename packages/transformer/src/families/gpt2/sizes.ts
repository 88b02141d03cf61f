import type { ActivationName } from "@tfblocks/feed-forward";
import { type Defaults, derived, size } from "@tfblocks/tensor-utils";
import type { HeadSizes } from "../shared/language-head.js";
import { modelDefaults, type ModelSizes } from "../shared/model-sizes.js";

/** Sizes of {@link gpt2}. */
export interface Gpt2Sizes extends ModelSizes, HeadSizes {
  /** Longest input. */
  readonly maxLength: number;
  /** Default 4 · dModel. */
  readonly hiddenDim?: number;
  /** Default `"geluTanh"`. */
  readonly activation?: ActivationName;
  /** Whether scores are divided by sqrt(headDim); default true. */
  readonly scaleScores?: boolean;
  /** Whether the scores of layer `index` are divided by index + 1; default false. */
  readonly scaleByLayer?: boolean;
  /** Default 1e-5. */
  readonly eps?: number;
  /** Whether the head is the token embedding; default true. */
  readonly tiedHead?: boolean;
}

export const plainDefaults = {
  activation: "geluTanh",
  eps: 1e-5,
  scaleScores: true,
  scaleByLayer: false,
  languageHead: true,
  tiedHead: true,
} as const;

export const defaults: Defaults<Gpt2Sizes> = {
  ...modelDefaults,
  maxLength: size,
  hiddenDim: derived(({ dModel }) => 4 * dModel),
  ...plainDefaults,
};
