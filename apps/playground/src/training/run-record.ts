import type { Metric } from "@tfblocks/zoo";
import type { AttentionKind } from "../models/model-info.js";
import type { HeadFindings } from "../reading/readings.js";
import type { RunSettings } from "./run-settings.js";

/** Where a run is; "running" in a store that no lock guards means that it was interrupted. */
type RunPhase = "running" | "paused" | "stopped" | "finished" | "failed";

/** A run, without its numbers. */
export interface RunRecord {
  readonly key: string;
  readonly settings: RunSettings;
  readonly title: string;
  /** When it was created, in milliseconds since 1970. */
  readonly createdAt: number;
  readonly phase: RunPhase;
  /** Why it failed, or was paused: a sentence for the reader. */
  readonly failure?: string | undefined;
  /** The last step when it ended or was stopped. */
  readonly reached?: LossPoint | undefined;
  readonly about: RunAbout;
}

/** What is known of a run before its first step. */
export interface RunAbout {
  readonly parameters: number;
  readonly vocabSize: number;
  /** A prompt for its model. */
  readonly prompt: string;
  /** The share of the tokens of the text that the vocabulary lacks; undefined for a recipe. */
  readonly unknownShare?: number | undefined;
  /** The loss of giving every token the same probability, ln(vocabSize). */
  readonly uniformLoss: number;
  /** The loss, on held-out examples, of giving every token its frequency in the training data. */
  readonly frequencyLoss: number;
  readonly attentions: readonly TrackedAttention[];
}

/** An attention of the model, on the probe. */
export interface TrackedAttention {
  readonly kind: AttentionKind;
  readonly layer: number;
  readonly heads: number;
  readonly rowTokens: readonly string[];
  readonly columnTokens: readonly string[];
  /** `[rows, columns]`: 1 = may attend. */
  readonly allowed: Uint8Array;
}

/** The loss of one step. */
export interface LossPoint {
  readonly step: number;
  readonly loss: number;
}

/** What was measured on an attention, in the order of {@link RunAbout.attentions}. */
export interface AttentionRecord {
  /** Of the probe, `[heads, rows, columns]`. */
  readonly weights: Float32Array;
  readonly heads: readonly HeadFindings[];
}

/** What was measured after a step. */
export interface StepRecord {
  readonly step: number;
  readonly heldOutLoss: number;
  /** The evaluation of the recipe; empty at most steps, because it takes long. */
  readonly metrics: readonly Metric[];
  /** How the model continues the prompt, always with the likeliest token. */
  readonly sample: string;
  readonly attentions: readonly AttentionRecord[];
}

/** What a run tells the page. */
export type RunEvent =
  | { readonly type: "run"; readonly run: RunRecord }
  | { readonly type: "steps"; readonly points: readonly LossPoint[]; readonly learningRate: number; readonly secondsPerStep: number }
  | { readonly type: "record"; readonly record: StepRecord };
