import { expect, test } from "vitest";
import { colorIndex, signedScale, weightScale } from "./color-scale.js";

test("weights from 0 to 1 use the whole ramp", () => {
  const scale = weightScale("blues", "light");
  expect([0, 0.5, 1, 1.0001, -0.1].map((value) => colorIndex(scale, value))).toEqual([0, 128, 255, 255, 0]);
});

test("the square-root scale gives small weights more of the ramp and keeps the ends", () => {
  const scale = weightScale("blues", "light", "root");
  expect([0, 0.25, 1].map((value) => colorIndex(scale, value))).toEqual([0, 128, 255]);
});

test("the ramp can end at the largest weight, or at 1 if all weights are 0", () => {
  expect(colorIndex(weightScale("blues", "light", "largest", 0.1), 0.05)).toBe(128);
  expect(weightScale("blues", "light", "largest", 0).max).toBe(1);
});

test("the scale of scores is symmetric around 0 and ignores masked cells", () => {
  const scale = signedScale([-2, 0.5, -Infinity, Number.NaN], "dark");
  expect([scale.min, scale.max]).toEqual([-2, 2]);
  expect(colorIndex(scale, 0)).toBe(128);
});

test("the scale is not empty when all scores are 0", () => {
  expect(signedScale([0, 0], "light").max).toBe(1);
});
