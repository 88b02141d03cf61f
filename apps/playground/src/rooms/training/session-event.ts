import type { Metric } from "@tfblocks/zoo";
import type { ModelPartName } from "../../models/model-info.js";

/** A recipe as the page lists it. */
export interface ListedRecipe {
  readonly name: string;
  readonly title: string;
  readonly teaches: string;
  readonly steps: number;
  /** A prompt to start generating from. */
  readonly prompt: string;
}

/** What is trained. */
export interface TrainingOrder {
  readonly recipe: string;
  readonly steps: number;
  readonly seed: number;
}

/** The attention of the probe at some step. */
export interface AttentionSnapshot {
  readonly step: number;
  readonly part: ModelPartName;
  readonly queryTokens: readonly string[];
  readonly keyTokens: readonly string[];
  /** `[queryLength, keyLength]`: 1 = may attend. */
  readonly allowed: Uint8Array;
  readonly heads: number;
  /** For each layer, `[heads, queryLength, keyLength]`. */
  readonly layers: readonly Float32Array[];
}

/** What a step did, to draw. */
export interface LossPoint {
  readonly step: number;
  readonly loss: number;
}

/** What a training tells the page while it runs. */
export type SessionEvent =
  | { readonly type: "started"; readonly parameters: number; readonly chance: number }
  | { readonly type: "steps"; readonly points: readonly LossPoint[]; readonly learningRate: number; readonly tokensPerSecond: number }
  | { readonly type: "snapshot"; readonly snapshot: AttentionSnapshot; readonly metrics: readonly Metric[] }
  | { readonly type: "ended"; readonly finished: boolean };

/** The files of a trained model, by their names. */
export type TrainedFiles = Readonly<Record<string, string | Uint8Array>>;
