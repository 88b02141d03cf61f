import { expect, test } from "vitest";
import { flatten, largestDifference, median, rowSumDeviation } from "./numbers.js";

test("the largest difference is found at any depth, and is NaN if a number is", () => {
  expect(
    largestDifference(
      [
        [1, 2],
        [3, 4],
      ],
      [
        [1, 2.5],
        [3, 4.25],
      ],
    ),
  ).toBe(0.5);
  expect(largestDifference([1, NaN, 3], [1, 2, 3])).toBeNaN();
  expect(largestDifference([1], [1, 2])).toBeNaN();
});

test("row sums are compared with 1", () => {
  expect(
    rowSumDeviation([
      [
        [0.5, 0.5],
        [0.5, 0.25],
      ],
    ]),
  ).toBe(0.25);
});

test("median and flatten", () => {
  expect(median([3, 1, 2])).toBe(2);
  expect(median([4, 1, 2, 3])).toBe(2.5);
  expect(flatten([[[1], [2]], [3]])).toEqual([1, 2, 3]);
});
