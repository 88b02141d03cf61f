import { expect, test } from "vitest";
import { isSameTask, type RunSource, textDefaults } from "./run-settings.js";

test("runs compare if they learn the same recipe or the same text, whatever the size of the model", () => {
  const recipe = (name: string): RunSource => ({ kind: "recipe", recipe: name });
  const text = (words: string, layers = 2): RunSource => ({ kind: "text", text: words, sizes: { ...textDefaults, layers } });
  expect(isSameTask(recipe("copy"), recipe("copy"))).toBe(true);
  expect(isSameTask(recipe("copy"), recipe("reverse"))).toBe(false);
  expect(isSameTask(recipe("copy"), text("copy"))).toBe(false);
  expect(isSameTask(text("a b", 2), text("a b", 4))).toBe(true);
  expect(isSameTask(text("a b"), text("a c"))).toBe(false);
});
