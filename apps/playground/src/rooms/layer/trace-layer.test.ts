import { memory } from "@tensorflow/tfjs-core";
import { backendNames, useBackend } from "@tfblocks/testkit";
import { describe, expect, test } from "vitest";
import { type BoxName, boxRows } from "./boxes.js";
import { layout } from "./layout.js";
import { type LayerSettings, layerLink } from "./settings.js";
import { traceLayer } from "./trace-layer.js";

const settings = (change: Partial<LayerSettings>): LayerSettings => ({ ...layerLink.defaults, width: 16, heads: 2, ...change });
const kinds: readonly Partial<LayerSettings>[] = [
  {},
  { residual: "post" },
  { norm: "RMSNorm", positions: "rotary", feedForward: "gated", activation: "silu" },
  { residual: "post", norm: "RMSNorm", positions: "none", causal: false, activation: "relu", feedForward: "gated" },
];

const namesOf = (change: Partial<LayerSettings>): BoxName[] => boxRows(settings(change)).flatMap((row) => row.map(({ name }) => name));

for (const backend of backendNames) {
  describe(`a layer traced on ${backend}`, () => {
    test.each(kinds)("equals the output of the layer and frees all tensors: %o", async (change) => {
      await useBackend(backend);
      const before = memory().numTensors;
      const picture = traceLayer(settings(change), ["a", "b", "a", "c"]);
      expect(picture.difference).toBeLessThan(1e-5);
      expect(picture.rowError).toBeLessThan(1e-5);
      expect(memory().numTensors).toBe(before);
    });
  });
}

test("exactly the boxes of the diagram have a tensor", () => {
  for (const change of kinds) {
    const { traced } = traceLayer(settings(change), ["a", "b"]);
    expect(Object.keys(traced).toSorted()).toEqual(namesOf(change).toSorted());
  }
});

test("a word has the same embedding at every position, but a different input", () => {
  const { traced } = traceLayer(settings({}), ["A", "b", "a"]);
  const row = (name: BoxName, token: number) => traced[name]!.values.subarray(token * 16, (token + 1) * 16);
  expect(row("embedding", 0)).toEqual(row("embedding", 2));
  expect(row("input", 0)).not.toEqual(row("input", 2));
});

test("arrows and residual connections lead from a box to a later row", () => {
  for (const change of kinds) {
    const rows = boxRows(settings(change));
    const rowOf = (name: BoxName) => rows.findIndex((row) => row.some((box) => box.name === name));
    for (const { name, inputs, residual } of rows.flat()) {
      for (const from of residual === undefined ? inputs : [...inputs, residual]) {
        expect(rowOf(from)).toBeGreaterThanOrEqual(0);
        expect(rowOf(name)).toBeGreaterThan(rowOf(from));
      }
    }
  }
});

test("boxes lie within the drawing and do not overlap", () => {
  for (const change of kinds) {
    const { boxes, width, height } = layout(settings(change));
    for (const [index, a] of boxes.entries()) {
      expect(a.x).toBeGreaterThanOrEqual(0);
      expect(a.x + a.width).toBeLessThanOrEqual(width);
      expect(a.y + a.height).toBeLessThanOrEqual(height);
      for (const b of boxes.slice(index + 1)) {
        expect(a.x + a.width <= b.x || b.x + b.width <= a.x || a.y + a.height <= b.y || b.y + b.height <= a.y).toBe(true);
      }
    }
  }
});

test("all 17 boxes have a description, a question and its answer", () => {
  expect(new Set(kinds.flatMap(namesOf)).size).toBe(17);
  for (const { description, question } of kinds.flatMap((change) => boxRows(settings(change)).flat())) {
    expect(description).toMatch(/\.$/);
    expect(question.question).toMatch(/\?$/);
    expect(question.answer).toMatch(/\.$/);
  }
});

test("every sublayer has one residual connection", () => {
  const residualsOf = (change: Partial<LayerSettings>) =>
    boxRows(settings(change)).flatMap((row) => row.flatMap(({ name, residual }) => (residual === undefined ? [] : [[residual, name]])));
  expect(residualsOf({ residual: "pre" })).toEqual([
    ["input", "attentionSum"],
    ["attentionSum", "feedForwardSum"],
  ]);
  expect(residualsOf({ residual: "post" })).toEqual([
    ["input", "attentionSum"],
    ["attentionNorm", "feedForwardSum"],
  ]);
});
