import { expect, test } from "vitest";
import { linePath, nearestIndex, niceTicks, pixelOf, spanOf, valueNear, valueAt } from "./plot-scale.js";

test("ticks are round numbers within the range", () => {
  expect(niceTicks(0, 10, 5)).toEqual([0, 2, 4, 6, 8, 10]);
  expect(niceTicks(-0.23, 1, 4)).toEqual([0, 0.5, 1]);
  expect(niceTicks(-6, 6, 4)).toEqual([-5, 0, 5]);
  expect(niceTicks(3, 3, 4)).toEqual([3]);
  expect(niceTicks(0, Math.fround(0.9999998), 4)).toEqual([0, 0.5, 1]);
});

test("valueAt is the inverse of pixelOf, also on an axis that points up", () => {
  const scale = { min: -2, max: 6, from: 200, to: 0 };
  expect(pixelOf(scale, 6)).toBe(0);
  expect(valueAt(scale, pixelOf(scale, 1.5))).toBeCloseTo(1.5);
});

test("a range includes 0 and every finite number, and is never empty", () => {
  expect(
    spanOf([
      [1, 2],
      [-3, Number.NaN, Infinity],
    ]),
  ).toEqual([-3, 2]);
  expect(spanOf([[0], []])).toEqual([-1, 1]);
});

test("a line is interrupted where a number is missing", () => {
  const unit = { min: 0, max: 1, from: 0, to: 1 };
  expect(linePath([0, 1, 2, 3], [0, Number.NaN, 1, 0], unit, unit)).toBe("M0.0 0.0M2.0 1.0L3.0 0.0");
});

test("nearestIndex finds the nearest number", () => {
  expect(nearestIndex([-2, 0, 5], 3)).toBe(2);
  expect(nearestIndex([-2, 0, 5], -9)).toBe(0);
});

test("a value is read at the nearest x of its line, and nowhere far outside the line", () => {
  const [xs, values] = [
    [0, 10, 20],
    [3, 2, 1],
  ];
  expect([0, 4, 6, 19, 30].map((x) => valueNear(xs!, values!, x))).toEqual([3, 3, 2, 1, 1]);
  expect(valueNear(xs!, values!, 31)).toBeNaN();
  expect(valueNear([], [], 0)).toBeNaN();
});
