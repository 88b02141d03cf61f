import { useBackend } from "@tfblocks/testkit";
import { beforeAll, expect, test } from "vitest";
import { estimatePace } from "./estimate-pace.js";
import type { RunSettings } from "./run-settings.js";

const settings: RunSettings = { source: { kind: "recipe", recipe: "induction" }, steps: 40, batchSize: 4, learningRate: 3e-3, seed: 0 };

beforeAll(() => useBackend("wasm"));

test("the time of a step counts its share of the measuring: all of it if every step is measured", async () => {
  const going = { step: () => Promise.resolve(true) };
  const [often, rarely] = [await estimatePace(settings, going), await estimatePace({ ...settings, steps: 40_000 }, going)];
  expect(rarely).toBeGreaterThan(0);
  expect(often).toBeGreaterThan(2 * rarely!);
});

test("a cancel ends it", async () => {
  let asked = 0;
  expect(await estimatePace(settings, { step: async () => ++asked < 2 })).toBeUndefined();
  expect(asked).toBeLessThanOrEqual(3);
});
