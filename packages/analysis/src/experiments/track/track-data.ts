import { base64 } from "../../base64.js";
import type { MapLayout } from "./coded-maps.js";
import type { TrackedAttention, TrackedScores, TrackedStep } from "./track-step.js";

/** A `TrainingTrack` as plain JSON. Bytes are base64. */
export interface TrainingTrackData {
  readonly experiment: "trainingTrack";
  readonly version: 1;
  /** The token ids of the probe. */
  readonly ids: readonly (readonly number[])[];
  /** Their texts. */
  readonly tokens: readonly (readonly string[])[];
  /** What all steps have in common. */
  readonly attentions: readonly TrackedLayout[];
  readonly steps: readonly TrackedStepData[];
}

/** An attention without its weights: sizes, mask and padding. */
export interface TrackedLayout {
  readonly name: string;
  /** `[batch, heads, queryLength, keyLength]` */
  readonly shape: readonly [number, number, number, number];
  readonly queryOffset: number;
  readonly keyOffset: number;
  readonly extraKeys: readonly ("learnedKey" | "sink")[];
  /** One byte for each cell: 1 = may attend. */
  readonly mask: { readonly shape: readonly [number, number, number, number]; readonly cells: string };
  /** One byte for each query `[batch, queryLength]`: 0 = padding. */
  readonly queryKeep: string;
}

/** A step: the attentions in the order of {@link TrainingTrackData.attentions}. */
export interface TrackedStepData {
  readonly step: number;
  readonly loss: number | null;
  readonly attentions: readonly { readonly codes: string; readonly metrics: Readonly<Record<string, TrackedScores>> }[];
}

export function layoutData(name: string, layout: MapLayout): TrackedLayout {
  const { batch, heads, queryLength, keyLength, queryOffset, keyOffset, extraKeys, allowed, queryKeep } = layout;
  const mask = { shape: [...allowed.shape] as const, cells: base64(allowed.data) };
  return { name, shape: [batch, heads, queryLength, keyLength], queryOffset, keyOffset, extraKeys, mask, queryKeep: base64(queryKeep) };
}

export function stepData({ step, loss, attentions }: TrackedStep): TrackedStepData {
  const data = ({ codes, metrics }: TrackedAttention) => ({ codes: base64(codes), metrics: Object.fromEntries(metrics) });
  return { step, loss, attentions: [...attentions.values()].map(data) };
}
