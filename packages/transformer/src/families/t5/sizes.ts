import type { ActivationName } from "@tfblocks/feed-forward";
import { type Defaults, derived, size } from "@tfblocks/tensor-utils";
import { headDimOf, modelDefaults, type ModelSizes } from "../shared/model-sizes.js";

/** Sizes of {@link t5}. */
export interface T5Sizes extends ModelSizes {
  readonly hiddenDim: number;
  /** Layers of the decoder; default numLayers. */
  readonly numDecoderLayers?: number;
  /** Default dModel / numHeads. */
  readonly headDim?: number;
  /** Buckets of distances; default 32. */
  readonly numBuckets?: number;
  /** Distances from here on share the last bucket; default 128. */
  readonly maxDistance?: number;
  /** Whether the feed-forward network is gated (T5 1.1); default false. */
  readonly gated?: boolean;
  /** Default `"relu"`, or `"geluTanh"` when gated. */
  readonly activation?: ActivationName;
  /** Default 1e-6. */
  readonly eps?: number;
  /** Whether the head is the token embedding; default true, T5 1.1 false. */
  readonly tiedHead?: boolean;
  /** Whether the head's input is scaled by dModel^-0.5; default where the head is tied. */
  readonly scaledHead?: boolean;
}

export const plainDefaults = { numBuckets: 32, maxDistance: 128, gated: false, eps: 1e-6, tiedHead: true } as const;

/** The activation of a network by default. */
export function activationOf({ gated }: { readonly gated: boolean }): "geluTanh" | "relu" {
  return gated ? "geluTanh" : "relu";
}

export const defaults: Defaults<T5Sizes> = {
  ...modelDefaults,
  hiddenDim: size,
  numDecoderLayers: derived(({ numLayers }) => numLayers),
  headDim: derived((sizes) => headDimOf("t5", sizes)),
  ...plainDefaults,
  activation: derived(activationOf),
  scaledHead: derived(({ tiedHead }) => tiedHead),
};
