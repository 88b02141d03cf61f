import type { ActivationName } from "@tfblocks/feed-forward";
import { type Defaults, derived, size } from "@tfblocks/tensor-utils";
import { modelDefaults, type ModelSizes } from "../shared/model-sizes.js";

/** Sizes of {@link roberta} and {@link xlmRoberta}. */
export interface RobertaSizes extends ModelSizes {
  /** Rows of the position table: the longest input and padId + 1 more, 514 in RoBERTa. */
  readonly numPositions: number;
  /** The id of padding, which has no position; default 1. */
  readonly padId?: number;
  /** Default 4 · dModel. */
  readonly hiddenDim?: number;
  /** Default 1. */
  readonly numSegments?: number;
  /** Of the layers; default `"gelu"`. */
  readonly activation?: ActivationName;
  /** Default 1e-5. */
  readonly eps?: number;
  /** Whether there is a head that predicts masked tokens; default true. */
  readonly maskedLanguageHead?: boolean;
  /** Whether the weight of that head is the token embedding; default true. */
  readonly tiedHead?: boolean;
  /** Whether there is a pooler of the first position; default false. */
  readonly pooler?: boolean;
}

export const plainDefaults = {
  padId: 1,
  numSegments: 1,
  activation: "gelu",
  eps: 1e-5,
  maskedLanguageHead: true,
  tiedHead: true,
  pooler: false,
} as const;

export const defaults: Defaults<RobertaSizes> = {
  ...modelDefaults,
  numPositions: size,
  hiddenDim: derived(({ dModel }) => 4 * dModel),
  ...plainDefaults,
};
