import { refuse, ShapeError, ValueError } from "@tfblocks/tensor-utils";
import type { ScoresByMetric } from "../../labels/head-scores.js";
import type { AttentionMaps } from "../../maps/attention-maps.js";
import { encodeMaps, type MapCodes, type MapLayout } from "./coded-maps.js";

/** One metric of one attention: a number for each head; null where the metric is undefined. */
export interface TrackedScores {
  readonly scores: readonly (number | null)[];
  /** The scores of uniform attention. */
  readonly nullScores: readonly (number | null)[];
}

/** What a step keeps of one attention. */
export interface TrackedAttention {
  readonly codes: MapCodes;
  readonly metrics: ReadonlyMap<string, TrackedScores>;
}

/** One step of a track. */
export interface TrackedStep {
  readonly step: number;
  readonly loss: number | null;
  readonly attentions: ReadonlyMap<string, TrackedAttention>;
}

export function trackAttention(maps: AttentionMaps, scores: ScoresByMetric): TrackedAttention {
  const metrics = Object.entries(scores).map(([name, { perHead }]): [string, TrackedScores] => [
    name,
    { scores: perHead.map(({ score }) => score), nullScores: perHead.map(({ nullScore }) => nullScore) },
  ]);
  return { codes: encodeMaps(maps), metrics: new Map(metrics) };
}

/** @throws ShapeError, ValueError when maps differ from those of the first step in more than their weights */
export function checkLayouts(operation: string, first: ReadonlyMap<string, MapLayout>, maps: ReadonlyMap<string, AttentionMaps>): void {
  const [expected, received] = [first, maps].map((each) => [...each.keys()].join(", "));
  if (expected !== received) refuse(ValueError, operation, "the attentions", `those of the first step, ${expected}`, received!);
  for (const [name, layout] of first) checkLayout(operation, name, layout, maps.get(name)!);
}

function checkLayout(operation: string, name: string, first: MapLayout, maps: AttentionMaps): void {
  const [expected, received] = [sizesOf(first), sizesOf(maps)];
  if (expected !== received) refuse(ShapeError, operation, `maps of "${name}"`, `${expected}, as at the first step`, received);
  const isSame = sameBytes(first.allowed.data, maps.allowed.data) && sameBytes(first.queryKeep, maps.queryKeep);
  if (!isSame) refuse(ValueError, operation, `mask of "${name}"`, "that of the first step", "another one");
}

function sizesOf({ batch, heads, queryLength, keyLength, extraKeys }: MapLayout): string {
  const sizes = `[${[batch, heads, queryLength, keyLength].join(", ")}]`;
  return extraKeys.length === 0 ? sizes : `${sizes} with ${extraKeys.join(" and ")}`;
}

function sameBytes(a: Uint8Array, b: Uint8Array): boolean {
  return a.length === b.length && a.every((byte, at) => byte === b[at]);
}
