import { memory } from "@tensorflow/tfjs-core";
import { expect, test } from "vitest";
import { computeNorms } from "./compute-norms.js";
import { histogram } from "./histogram.js";
import { normLink, type NormSettings } from "./settings.js";

test("LayerNorm gives mean 0 and deviation 1, RMSNorm a root mean square of 1, and all tensors are freed", () => {
  const before = memory().numTensors;
  const { stages } = computeNorms({ ...normLink.defaults, width: 16 }, ["a", "b", "c"]);
  expect(memory().numTensors).toBe(before);
  const [x, byLayer, byRoot] = stages;
  for (let token = 0; token < 3; token++) {
    expect(x.mean[token]).toBeGreaterThan(1);
    expect(byLayer.mean[token]).toBeCloseTo(0, 4);
    expect(byLayer.deviation[token]).toBeCloseTo(1, 3);
    expect(byRoot.rootMeanSquare[token]).toBeCloseTo(1, 3);
    expect(byRoot.mean[token]).toBeGreaterThan(0.1);
  }
});

test("an outlier is one dimension, and the norms keep it the largest", () => {
  const { stages } = computeNorms({ ...normLink.defaults, width: 16, outlier: true }, ["a"]);
  for (const { values } of stages) expect(Math.max(...values)).toBe(values[3]);
});

test("the shares of a histogram sum to 1, and equal numbers are in one bin", () => {
  const { middles, shares } = histogram([Float32Array.of(0, 0, 1, 2), Float32Array.of(4, 4)], 4);
  expect([...middles]).toEqual([0.5, 1.5, 2.5, 3.5]);
  expect(shares.map((list) => [...list])).toEqual([
    [0.5, 0.25, 0.25, 0],
    [0, 0, 0, 1],
  ]);
  expect([...histogram([Float32Array.of(3)], 2).shares[0]!]).toEqual([1, 0]);
});

test("the answers to the questions are true", () => {
  const show = (change: Partial<NormSettings>) => computeNorms({ ...normLink.defaults, ...change }, ["the", "cat", "sat"]).stages;
  const others = (change: Partial<NormSettings>) =>
    show(change).map(({ values }) => deviationOf([...values].filter((_, at) => at % 64 !== 3)));
  const [plain, outlier] = [others({}), others({ outlier: true })];
  expect(outlier[0]).toBeCloseTo(plain[0]!, 5);
  for (const norm of [1, 2]) expect(outlier[norm]).toBeLessThan(0.9 * plain[norm]!);

  const [once, tenfold] = [show({ shift: 0, stretch: 1 }), show({ shift: 0, stretch: 10 })];
  expect(tenfold[0].deviation[0]).toBeCloseTo(10 * once[0].deviation[0]!, 3);
  for (const norm of [1, 2] as const) expect(tenfold[norm].values[5]).toBeCloseTo(once[norm].values[5]!, 3);

  const [, byLayer, byRoot] = show({ shift: 10 });
  expect(byLayer.deviation[0]).toBeCloseTo(1, 3);
  expect(byRoot.mean[0]).toBeGreaterThan(0.9);
  expect(byRoot.deviation[0]).toBeLessThan(0.3);
});

function deviationOf(values: readonly number[]): number {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  return Math.sqrt(values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / values.length);
}
