import { expect, test } from "vitest";
import { inkOn } from "./ink-on.js";

test.each([
  [[255, 255, 255], "#000000"],
  [[0, 0, 0], "#ffffff"],
  [[116, 148, 211], "#000000"],
  [[42, 65, 144], "#ffffff"],
  [[118, 118, 118], "#000000"],
  [[110, 110, 110], "#ffffff"],
] as const)("text on %j is %s", (color, ink) => {
  expect(inkOn(color)).toBe(ink);
});
