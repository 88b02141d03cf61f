import { memory } from "@tensorflow/tfjs-core";
import { useBackend } from "@tfblocks/testkit";
import { beforeAll, describe, expect, test } from "vitest";
import { readHead } from "../../reading/read-head.js";
import type { WeightMap } from "../../reading/readings.js";
import { Run } from "../../reading/run.js";
import { inputOf, tinyFamilies, tinyModel } from "../../reading/testing/tiny-models.js";
import { measureLayer } from "./measure-layer.js";

beforeAll(() => useBackend("wasm"));

const goOn = { step: async () => true };
const text = "a b c a b d e";

/** The mean over rows with two keys to choose from of the largest weight. */
function meanLargest({ rows, columns, values, allowed }: WeightMap): number {
  const largest: number[] = [];
  for (let row = 0; row < rows; row++) {
    const keys = Array.from({ length: columns }, (_, key) => row * columns + key).filter((cell) => allowed[cell] !== 0);
    if (keys.length > 1) largest.push(Math.max(...keys.map((cell) => values[cell]!)));
  }
  return largest.reduce((sum, weight) => sum + weight, 0) / largest.length;
}

describe.each(["gpt2", "llama", "gemma2", "gptNeoX", "bert"] as const)("the heads of a random %s", (family) => {
  test("scored as the model does, they have the weights of the model", async () => {
    const run = new Run(tinyModel(family), inputOf(family, text));
    for (const layer of [0, 1]) {
      const { heads } = (await measureLayer(run, { kind: "self", layer, head: 0 }, { scale: "none" }, goOn))!;
      for (const { place, own } of heads) expect(own.maxWeight).toBeCloseTo(meanLargest((await readHead(run, place)).map), 5);
    }
    run.dispose();
  });
});

test("without the scale, scores have the variance times headDim, and the settings of the laboratory are measured too", async () => {
  const run = new Run(tinyModel("gpt2"), inputOf("gpt2", text));
  const layer = (await measureLayer(run, { kind: "self", layer: 0, head: 2 }, { scale: "none" }, goOn))!;
  expect([layer.headDim, layer.rows, layer.columns, layer.softcap]).toEqual([4, 7, 7, null]);
  expect(layer.scale).toBeCloseTo(0.5, 6);
  for (const { own, none, chosen } of layer.heads) {
    expect(none.rowVariance! / own.rowVariance!).toBeCloseTo(4, 4);
    expect(chosen).toEqual(none);
    expect(none.spread!).toBeLessThan(own.spread!);
  }
  run.dispose();
});

test("T5 has no scale, and its cross-attention is measured on the text", async () => {
  const run = new Run(tinyModel("t5"), inputOf("t5", text));
  const layer = (await measureLayer(run, { kind: "cross", layer: 1, head: 0 }, {}, goOn))!;
  expect([layer.scale, layer.rows, layer.columns]).toEqual([1, 4, 8]);
  for (const { own, none } of layer.heads) expect(own).toEqual(none);
  run.dispose();
});

test("no tensor is left, also after a cancel", async () => {
  const run = new Run(tinyModel("sinks"), inputOf("sinks", text));
  await measureLayer(run, { kind: "self", layer: 0, head: 0 }, {}, goOn);
  const before = memory().numTensors;
  await measureLayer(run, { kind: "self", layer: 0, head: 0 }, {}, goOn);
  expect(await measureLayer(run, { kind: "self", layer: 0, head: 0 }, {}, { step: async () => false })).toBeUndefined();
  expect(memory().numTensors).toBe(before);
  run.dispose();
});

test("every family has heads to measure", async () => {
  for (const family of tinyFamilies) {
    const opened = tinyModel(family);
    const run = new Run(opened, inputOf(family, "a"));
    for (const { kind } of opened.info.stacks) {
      const layer = (await measureLayer(run, { kind, layer: 1, head: 0 }, {}, goOn))!;
      expect(layer.heads.length).toBeGreaterThan(1);
    }
    run.dispose();
  }
});
