import { expect, test } from "vitest";
import { sentenceOf } from "./outcome.js";

test.each([
  [new Error("no model"), "no model."],
  [new Error("is this a safetensors file?"), "is this a safetensors file?"],
  [new Error("words: a b …"), "words: a b …"],
  ["not an error", "not an error."],
])("%s gets punctuation at its end", (error, sentence) => {
  expect(sentenceOf(error)).toBe(sentence);
});
