import { expect, test } from "vitest";
import { absentWords } from "./map-stages.js";

test("a stage that a head lacks is told", () => {
  expect(absentWords(["raw", "scaled", "masked"])).toBe("");
  expect(absentWords(["raw", "biased", "masked"])).toBe("This head does not scale its scores.");
  expect(absentWords(["raw"])).toBe("This head does not scale its scores. No cell is masked here.");
});
