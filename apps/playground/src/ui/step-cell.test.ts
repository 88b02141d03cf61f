import { expect, test } from "vitest";
import { stepCell } from "./step-cell.js";

test.each([
  ["ArrowUp", false, [1, 2]],
  ["ArrowDown", false, [2, 2]],
  ["ArrowLeft", false, [2, 1]],
  ["ArrowRight", false, [2, 3]],
  ["Home", false, [2, 0]],
  ["End", false, [2, 4]],
  ["Home", true, [0, 0]],
  ["End", true, [2, 4]],
  ["a", false, undefined],
  ["Tab", false, undefined],
])("%s with control %s from row 2, column 2 of 3 x 5", (key, control, expected) => {
  expect(stepCell(key, control, 2, 2, 3, 5)).toEqual(expected);
});
