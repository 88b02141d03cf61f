import type { ActivationName } from "@tfblocks/feed-forward";
import { type Defaults, derived, size } from "@tfblocks/tensor-utils";
import { modelDefaults, type ModelSizes } from "../shared/model-sizes.js";

/** Sizes of {@link distilbert}. */
export interface DistilbertSizes extends ModelSizes {
  /** Longest input. */
  readonly maxLength: number;
  /** Default 4 · dModel. */
  readonly hiddenDim?: number;
  /** Of the layers and of the head; default `"gelu"`. */
  readonly activation?: ActivationName;
  /** Whether there is a head that predicts masked tokens; default true. */
  readonly maskedLanguageHead?: boolean;
  /** Whether the weight of that head is the token embedding; default true. */
  readonly tiedHead?: boolean;
}

export const plainDefaults = { activation: "gelu", maskedLanguageHead: true, tiedHead: true } as const;

export const defaults: Defaults<DistilbertSizes> = {
  ...modelDefaults,
  maxLength: size,
  hiddenDim: derived(({ dModel }) => 4 * dModel),
  ...plainDefaults,
};
