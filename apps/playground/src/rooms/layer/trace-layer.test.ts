import { memory } from "@tensorflow/tfjs-core";
import { backendNames, useBackend } from "@tfblocks/testkit";
import { describe, expect, test } from "vitest";
import { type BoxName, boxNames, boxRows, describeBox, flows, skips } from "./boxes.js";
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

for (const backend of backendNames) {
  describe(`a layer traced on ${backend}`, () => {
    test.each(kinds)("is what its parts put together give, and leaves no tensor: %o", async (change) => {
      await useBackend(backend);
      const before = memory().numTensors;
      const picture = traceLayer(settings(change), ["a", "b", "a", "c"]);
      expect(picture.difference).toBeLessThan(1e-5);
      expect(picture.rowError).toBeLessThan(1e-5);
      expect(memory().numTensors).toBe(before);
    });
  });
}

test("every box of the diagram has a tensor, and no other tensor is traced", () => {
  for (const change of kinds) {
    const { traced } = traceLayer(settings(change), ["a", "b"]);
    expect(Object.keys(traced).toSorted()).toEqual(boxRows(settings(change)).flat().toSorted());
  }
});

test("a word has the same embedding wherever it stands, and another input", () => {
  const { traced } = traceLayer(settings({}), ["A", "b", "a"]);
  const row = (name: BoxName, token: number) => traced[name]!.values.subarray(token * 16, (token + 1) * 16);
  expect(row("embedding", 0)).toEqual(row("embedding", 2));
  expect(row("input", 0)).not.toEqual(row("input", 2));
});

test("arrows lead from row to later row, between boxes that are there", () => {
  for (const change of kinds) {
    const rows = boxRows(settings(change));
    const rowOf = (name: BoxName) => rows.findIndex((row) => row.includes(name));
    for (const [from, to] of [...flows(settings(change)), ...skips(settings(change))]) {
      expect(rowOf(from)).toBeGreaterThanOrEqual(0);
      expect(rowOf(to)).toBeGreaterThan(rowOf(from));
    }
  }
});

test("boxes lie inside the drawing and do not touch", () => {
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

test("every box says what it computes", () => {
  for (const name of boxNames) expect(describeBox(name, settings({})).says).toMatch(/\.$/);
});
