import type { ActivationName } from "@tfblocks/feed-forward";
import type { RotaryScaling } from "@tfblocks/positional";
import { type Defaults, derived } from "@tfblocks/tensor-utils";
import type { HeadSizes } from "../shared/language-head.js";
import { headDimOf, modelDefaults, type ModelSizes } from "../shared/model-sizes.js";

/** Sizes of {@link gptNeoX}. */
export interface GptNeoXSizes extends ModelSizes, HeadSizes {
  /** Default 4 · dModel. */
  readonly hiddenDim?: number;
  /** Dimensions of each head that are rotated; default a quarter of dModel / numHeads. */
  readonly rotaryDim?: number;
  /** Base of the rotary frequencies; default 10000. */
  readonly theta?: number;
  /** How the frequencies are scaled for long inputs; default not at all. */
  readonly scaling?: RotaryScaling | undefined;
  /** Longest input in training, which configs name and nothing enforces; default 2048. */
  readonly trainedLength?: number;
  /** Whether both sublayers read the same stream; default true. */
  readonly parallel?: boolean;
  /** Whether attention's projections have biases; default true. */
  readonly attentionBias?: boolean;
  /** Default `"gelu"`. */
  readonly activation?: ActivationName;
  /** Default 1e-5. */
  readonly eps?: number;
}

export const plainDefaults = {
  theta: 10000,
  parallel: true,
  attentionBias: true,
  activation: "gelu",
  eps: 1e-5,
  languageHead: true,
  tiedHead: false,
} as const;

export const trainedLength = 2048;

/** The default fraction of each head that is rotated. */
export const rotaryFraction = 0.25;

export const defaults: Defaults<GptNeoXSizes> = {
  ...modelDefaults,
  hiddenDim: derived(({ dModel }) => 4 * dModel),
  rotaryDim: derived((sizes) => headDimOf("gptNeoX", sizes) * rotaryFraction),
  scaling: undefined,
  trainedLength,
  ...plainDefaults,
};
