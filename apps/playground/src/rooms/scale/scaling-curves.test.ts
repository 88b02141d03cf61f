import { scalingTable } from "@tfblocks/analysis/scaling";
import { expect, test } from "vitest";
import { measureCurves } from "./scaling-curves.js";
import { headDims, scaleLink } from "./settings.js";

const settings = { ...scaleLink.defaults, keys: 16 };
const goOn = { step: async () => true };

test("the curves are those of scalingTable, with the spread of three seeds", async () => {
  const { curves, seeds, draws } = (await measureCurves({ ...settings, scale: "own", factor: 0.5 }, goOn))!;
  expect(curves.map(({ scoring }) => scoring)).toEqual(["chosen", "none", "1/sqrt(d)"]);
  expect(seeds).toEqual([0, 1, 2]);
  const tables = seeds.map((seed) => scalingTable({ scale: 0.5, headDims, numKeys: 16, draws, seed }).rows);
  const at = headDims.indexOf(64);
  const variances = tables.map((rows) => rows[at]!.measured.scoreVariance!);
  const point = curves[0]!.measured.scoreVariance[at]!;
  expect(point.mean).toBeCloseTo(variances.reduce((sum, each) => sum + each, 0) / 3, 10);
  expect([point.least, point.most]).toEqual([Math.min(...variances), Math.max(...variances)]);
  expect(curves[0]!.theory.scoreVariance[at]).toBe(16);
});

test("without a scale the variance is d and the gradient shrinks; with 1/√d both stay", async () => {
  const { curves } = (await measureCurves({ ...settings, scale: "none" }, goOn))!;
  expect(curves.map(({ scoring }) => scoring)).toEqual(["chosen", "1/sqrt(d)"]);
  const [none, scaled] = curves;
  expect(none!.theory.scoreVariance).toEqual(headDims);
  expect(scaled!.theory.scoreVariance.map((variance) => Number(variance!.toFixed(9)))).toEqual(headDims.map(() => 1));
  expect(none!.measured.gradient.at(-1)!.mean).toBeLessThan(scaled!.measured.gradient.at(-1)!.mean / 2);
  expect(none!.measured.saturated.at(-1)!.mean).toBeGreaterThan(0.4);
});

test("a norm has no theory of the gradient at d = 2, and a cancel has no result", async () => {
  const { curves } = (await measureCurves({ ...settings, scale: "1/sqrt(d)", qkNorm: "l2" }, goOn))!;
  expect(curves[0]!.theory.gradient[headDims.indexOf(2)]).toBeNull();
  expect(curves).toHaveLength(3);
  expect(await measureCurves(settings, { step: async () => false })).toBeUndefined();
});
