import { expect, test } from "vitest";
import { maxCharacters, maxTokens, tokenize } from "./tokenize.js";

test("words, numbers and symbols become tokens; contractions stay whole", () => {
  expect(tokenize("The animal didn't cross, it’s 2 tired!")).toEqual(["The", "animal", "didn't", "cross", ",", "it’s", "2", "tired", "!"]);
});

test("a symbol of several code points is one token", () => {
  expect(tokenize("ok 👩‍👩‍👧! 👍🏽 ❤️ 🇩🇪🇫🇷 می‌خواهم")).toEqual(["ok", "👩‍👩‍👧", "!", "👍🏽", "❤️", "🇩🇪", "🇫🇷", "می‌خواهم"]);
});

test("empty and too long texts are rejected", () => {
  expect(() => tokenize("  ")).toThrow('tokenize: text must be a text with at least one word, got "  "');
  expect(() => tokenize("a".repeat(maxCharacters + 1))).toThrow("a text of at most 4000 characters, got 4001 characters");
  expect(() => tokenize("a ".repeat(maxTokens + 1))).toThrow("a text of at most 256 tokens, got 257 tokens");
});
