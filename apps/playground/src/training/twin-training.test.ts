import { memory } from "@tensorflow/tfjs-core";
import { useBackend } from "@tfblocks/testkit";
import { beforeAll, expect, test } from "vitest";
import type { TwinPoint } from "./twin-settings.js";
import { twinTraining } from "./twin-training.js";

const settings = { dModel: 64, numHeads: 1, steps: 6, learningRate: 3e-3, batchSize: 4, seed: 0 };
const going = { step: () => Promise.resolve(true) };

beforeAll(() => useBackend("wasm"));

test("twins start with the same weights; without the scale, attention is sharper from the start", async () => {
  const before = memory().numTensors;
  const seen: TwinPoint[] = [];
  const points = await twinTraining(settings, going, (point) => seen.push(point));
  expect(points).toEqual(seen);
  expect(seen.map(({ step }) => step)).toEqual([0, 1, 2, 3, 4, 5, 6]);
  const [{ scaled, unscaled }] = seen as [TwinPoint];
  expect(scaled.spread).toBeGreaterThan(0.9); // scores of variance 1/4
  expect(unscaled.spread).toBeLessThan(0.6); // scores of variance 16
  expect(unscaled.gradient).toBeGreaterThan(3 * scaled.gradient); // what the twins' answer in the page says
  expect(seen.at(-1)!.scaled.loss).not.toBe(seen.at(-1)!.unscaled.loss);
  for (const { gradient, loss } of seen.flatMap((point) => [point.scaled, point.unscaled])) {
    expect(gradient).toBeGreaterThan(0);
    expect(loss).toBeGreaterThan(1);
  }
  expect(memory().numTensors).toBe(before);
});

test("the same seed gives the same curves, and a cancel leaves no tensor", async () => {
  const before = memory().numTensors;
  const [one, again] = [await twinTraining({ ...settings, steps: 2 }, going), await twinTraining({ ...settings, steps: 2 }, going)];
  expect(again).toEqual(one);
  let steps = 0;
  expect(await twinTraining(settings, { step: () => Promise.resolve(++steps < 3) })).toBeUndefined();
  expect(memory().numTensors).toBe(before);
});
