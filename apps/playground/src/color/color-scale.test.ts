import { expect, test } from "vitest";
import { colorIndex, signedScale, weightScale } from "./color-scale.js";

test("weights run over the whole ramp from 0 to 1, whatever the data", () => {
  const scale = weightScale("blues", "light");
  expect([0, 0.5, 1, 1.0001, -0.1].map((value) => colorIndex(scale, value))).toEqual([0, 128, 255, 255, 0]);
});

test("by the square root small weights take more of the ramp, and the ends stay", () => {
  const scale = weightScale("blues", "light", "root");
  expect([0, 0.25, 1].map((value) => colorIndex(scale, value))).toEqual([0, 128, 255]);
});

test("up to the largest weight the ramp ends there, unless there is none", () => {
  expect(colorIndex(weightScale("blues", "light", "largest", 0.1), 0.05)).toBe(128);
  expect(weightScale("blues", "light", "largest", 0).most).toBe(1);
});

test("signed scores are symmetric around 0 and ignore forbidden cells", () => {
  const scale = signedScale([-2, 0.5, -Infinity, Number.NaN], "dark");
  expect([scale.least, scale.most]).toEqual([-2, 2]);
  expect(colorIndex(scale, 0)).toBe(128);
});

test("scores that are all 0 still have a scale", () => {
  expect(signedScale([0, 0], "light").most).toBe(1);
});
