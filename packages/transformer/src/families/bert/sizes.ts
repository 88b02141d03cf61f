import type { ActivationName } from "@tfblocks/feed-forward";
import { type Defaults, derived, size } from "@tfblocks/tensor-utils";
import { modelDefaults, type ModelSizes } from "../shared/model-sizes.js";

/** Sizes of {@link bert}. */
export interface BertSizes extends ModelSizes {
  /** Longest input. */
  readonly maxLength: number;
  /** Default 4 · dModel. */
  readonly hiddenDim?: number;
  /** Default 2. */
  readonly numSegments?: number;
  /** Default `"gelu"`. */
  readonly activation?: ActivationName;
  /** Default 1e-12. */
  readonly eps?: number;
  /** Whether there is a head that predicts masked tokens; default true. */
  readonly maskedLanguageHead?: boolean;
  /** Whether the weight of that head is the token embedding; default true. */
  readonly tiedHead?: boolean;
  /** Whether there is a pooler of the first position; default false. */
  readonly pooler?: boolean;
}

const plainDefaults = { numSegments: 2, activation: "gelu", eps: 1e-12, maskedLanguageHead: true, tiedHead: true, pooler: false } as const;

export const defaults: Defaults<BertSizes> = {
  ...modelDefaults,
  maxLength: size,
  hiddenDim: derived(({ dModel }) => 4 * dModel),
  ...plainDefaults,
};
