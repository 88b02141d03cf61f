import type { ModelPartName } from "../../models/model-info.js";
import type { DrawnStage } from "./view.js";

/** All numbers of one attention layer. Its arrays are transferred from the worker without a copy. */
export interface AttentionPicture {
  /** The trained model that the weights belong to; undefined for random weights. */
  readonly model: { readonly name: string; readonly part: ModelPartName; readonly layer: number } | undefined;
  readonly queryTokens: readonly string[];
  readonly keyTokens: readonly string[];
  readonly heads: number;
  readonly headDim: number;
  /** The factor of the scores; 1 / sqrt(headDim) unless the model has another. */
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
  /** The shape of the output, `[batch, queryLength, dModel]`. */
  readonly outputShape: readonly number[];
  readonly milliseconds: number;
  /** Number of tensors in the worker after the computation, not counting those of the model. */
  readonly liveTensors: number;
}

/** The measures of one head; null if not defined, for example if each row has one allowed key. */
export interface HeadNumbers {
  readonly normalizedEntropy: number | null;
  readonly effectiveKeys: number | null;
  /** Mean Jensen-Shannon distance to the other heads, 0 .. 1. */
  readonly difference: number | null;
}

/** The measures of all heads and of the layer. */
export interface PictureNumbers {
  readonly perHead: readonly HeadNumbers[];
  readonly diversity: number | null;
  /** Effective keys if attention were uniform under the same mask. */
  readonly uniformKeys: number | null;
}
