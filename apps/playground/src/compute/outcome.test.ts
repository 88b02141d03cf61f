import { AllocationError } from "@tfblocks/tensor-utils";
import { expect, test } from "vitest";
import { failureFrom, sentenceOf } from "./outcome.js";

test.each([
  [new Error("no model"), "no model."],
  [new Error("is this a safetensors file?"), "is this a safetensors file?"],
  [new Error("words: a b …"), "words: a b …"],
  ["not an error", "not an error."],
])("%s gets punctuation at its end", (error, sentence) => {
  expect(sentenceOf(error)).toBe(sentence);
});

const refused = { operation: "attention", argument: "scores [9, 9]", expected: "at most 9 bytes", received: "99 bytes" };

test.each([new AllocationError(refused), new RangeError("Array buffer allocation failed"), new Error("Unable to grow instance memory")])(
  "a failure for want of memory says so without the words of developers: %s",
  (error) => {
    const sentence = "There is not enough memory for this. Choose a smaller model or smaller sizes, or close other tabs.";
    expect(failureFrom(error, "prompt")).toEqual({ field: "prompt", sentence, isShortOfMemory: true });
  },
);

test("any other failure is told in the words of its error", () => {
  expect(failureFrom(new Error("The memory of a head fades"), "prompt").sentence).toBe("The memory of a head fades.");
});
