import { expect, test } from "vitest";
import type { LayerReading, SimilarHeads } from "../../reading/readings.js";
import { headsOfStack, layerKey, metricsOf, sortHeads } from "./head-order.js";

const stack = { kind: "self", heads: 2, parts: ["layers.0.attention", "layers.1.attention"] } as const;
const thumbnail = { rows: 1, columns: 1, values: Float32Array.of(1), allowed: Uint8Array.of(1) };

function layer(index: number, scores: readonly (number | null)[], labels: readonly string[][]): LayerReading {
  const heads = scores.map((score, head) => ({
    head,
    thumbnail,
    metrics: [{ name: "prefixMatching", score, nullScore: 0.1, lift: null }],
    labels: labels[head]!.map((label) => ({ label, score: score!, nullScore: 0.1, threshold: 0.4, evidence: "" })),
  }));
  return { kind: "self", layer: index, isMeasured: true, rowTokens: ["a"], columnTokens: ["a"], heads };
}

const layers = new Map(
  [layer(0, [0.1, null], [[], []]), layer(1, [0.5, 0.9], [["induction"], ["induction", "broad"]])].map((each) => [layerKey(each), each]),
);
const names = (rows: ReturnType<typeof sortHeads>): string[][] =>
  rows.map(({ heads }) => heads.map(({ place }) => `${place.layer}${place.head}`));

test("heads are rows of layers, or one row by score, label or similarity", () => {
  const heads = headsOfStack(stack, layers, "prefixMatching");
  expect(names(sortHeads(heads, "layer", undefined))).toEqual([
    ["00", "01"],
    ["10", "11"],
  ]);
  expect(names(sortHeads(heads, "metric", undefined))).toEqual([["11", "10", "00", "01"]]);
  expect(names(sortHeads(heads, "label", undefined))).toEqual([["11", "10", "00", "01"]]);
  const places = [heads[2]!, heads[0]!, heads[3]!, heads[1]!].map(({ place }) => place);
  const similar: SimilarHeads = { places, layout: [] };
  expect(names(sortHeads(heads, "similarity", similar))).toEqual([["10", "00", "11", "01"]]);
});

test("the label farthest above uniform attention comes first", () => {
  const label = (name: string, score: number, nullScore: number | null) => ({ label: name, score, nullScore, threshold: 0, evidence: "" });
  const reading = layers.get("self.0")!;
  const heads = reading.heads.map((head) => ({
    ...head,
    labels: [label("broad", 0.9, 1), label("first token", 0.7, 0.2), label("induction", 0.9, 0.1)],
  }));
  const [head] = headsOfStack(stack, new Map([["self.0", { ...reading, heads }]]), "label");
  expect(head!.labels.map((each) => each.label)).toEqual(["induction", "first token", "broad"]);
  expect(head!.metric?.name).toBe("prefixMatching");
});

test("a badge shows the score of the head's label, and heads that are not read have no map", () => {
  const heads = headsOfStack(stack, new Map([...layers].slice(1)), "label");
  expect(heads.map(({ metric }) => metric?.score)).toEqual([undefined, undefined, 0.5, 0.9]);
  expect(heads.map(({ map }) => map !== undefined)).toEqual([false, false, true, true]);
  expect(metricsOf(stack, layers)).toEqual(["prefixMatching"]);
});
