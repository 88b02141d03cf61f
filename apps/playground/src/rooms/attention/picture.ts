import type { ModelPartName } from "../../models/model-info.js";
import type { DrawnStage } from "./view.js";

/** All numbers of one computed attention, as plain arrays that cross from the worker without a copy. */
export interface AttentionPicture {
  /** Whose weights they are; undefined when freshly drawn. */
  readonly model: { readonly name: string; readonly part: ModelPartName; readonly layer: number } | undefined;
  readonly queryTokens: readonly string[];
  readonly keyTokens: readonly string[];
  readonly heads: number;
  readonly headDim: number;
  /** The factor of the scores; 1 / sqrt(headDim) but where a model has another. */
  readonly scale: number;
  /** Each `[heads, queryLength, keyLength]`. */
  readonly stages: Readonly<Record<DrawnStage, Float32Array>>;
  /** `[queryLength, keyLength]`: 1 = may attend. */
  readonly allowed: Uint8Array;
  /** `[queryLength, heads × headDim]`. */
  readonly queries: Float32Array;
  /** `[keyLength, heads × headDim]`. */
  readonly keys: Float32Array;
  /** `[keyLength, heads × headDim]`. */
  readonly values: Float32Array;
  /** `[batch, queryLength, dModel]` of the block's output. */
  readonly outputShape: readonly number[];
  readonly milliseconds: number;
  /** tfjs tensors alive in the worker once everything was read; each call gives back what it took. */
  readonly liveTensors: number;
}

/** Per-head numbers; null where they are not defined, as with one allowed key in each row. */
export interface HeadNumbers {
  readonly normalizedEntropy: number | null;
  readonly effectiveKeys: number | null;
  /** Mean Jensen-Shannon distance to the other heads, 0 .. 1. */
  readonly difference: number | null;
}

/** The numbers of all heads, and one for the layer. */
export interface PictureNumbers {
  readonly perHead: readonly HeadNumbers[];
  readonly diversity: number | null;
  /** Effective keys if attention were uniform under the same mask. */
  readonly uniformKeys: number | null;
}
