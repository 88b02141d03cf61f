import type { Metric } from "@tfblocks/zoo";
import type { ModelPartName } from "../../models/model-info.js";

/** A recipe in the list of the page. */
export interface ListedRecipe {
  readonly name: string;
  readonly title: string;
  readonly teaches: string;
  readonly steps: number;
  /** A prompt for generation. */
  readonly prompt: string;
}

/** The recipe, steps and seed of a training. */
export interface TrainingOrder {
  readonly recipe: string;
  readonly steps: number;
  readonly seed: number;
}

/** The attention on the example text at one step. */
export interface AttentionSnapshot {
  readonly step: number;
  readonly part: ModelPartName;
  readonly queryTokens: readonly string[];
  readonly keyTokens: readonly string[];
  /** `[queryLength, keyLength]`: 1 = may attend. */
  readonly allowed: Uint8Array;
  readonly heads: number;
  /** The weights of each layer, `[heads, queryLength, keyLength]`. */
  readonly layers: readonly Float32Array[];
}

/** The loss of one step. */
export interface LossPoint {
  readonly step: number;
  readonly loss: number;
}

/** The events that a training sends to the page. */
export type SessionEvent =
  | { readonly type: "started"; readonly parameters: number; readonly uniformLoss: number }
  | { readonly type: "steps"; readonly points: readonly LossPoint[]; readonly learningRate: number; readonly tokensPerSecond: number }
  | { readonly type: "snapshot"; readonly snapshot: AttentionSnapshot; readonly metrics: readonly Metric[] }
  | { readonly type: "ended"; readonly finished: boolean };

/** The files of a trained model by name. */
export type TrainedFiles = Readonly<Record<string, string | Uint8Array>>;
