import { expect, test } from "vitest";
import { sentenceOf } from "./outcome.js";

test.each([
  [new Error("there is none"), "there is none."],
  [new Error("is this a safetensors file?"), "is this a safetensors file?"],
  [new Error("the words are a b …"), "the words are a b …"],
  ["no error at all", "no error at all."],
])("%s ends as a sentence does", (error, sentence) => {
  expect(sentenceOf(error)).toBe(sentence);
});
