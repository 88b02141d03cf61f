import { describe, expect, it } from "vitest";
import { WordTokenizer } from "./word-tokenizer.js";

const words = new WordTokenizer({ words: ["the", "dog", "runs", "."] });
const characters = new WordTokenizer({ special: ["<pad>", "</s>"], words: ["a", "b", "="], separator: "" });

describe("WordTokenizer", () => {
  it("round-trips words", () => {
    expect(words.encode("the  dog runs .")).toEqual([0, 1, 2, 3]);
    expect(words.decode([0, 1, 2, 3])).toBe("the dog runs .");
    expect(words.tokens([3, 0])).toEqual([".", "the"]);
    expect(words.vocabSize).toBe(4);
  });

  it("accepts characters as words, and omits special tokens from texts", () => {
    expect(characters.encode("ab=")).toEqual([2, 3, 4]);
    expect(characters.decode([0, 2, 3, 1])).toBe("ab");
    expect(characters.specialIds).toEqual({ "<pad>": 0, "</s>": 1 });
    expect(characters.encode("")).toEqual([]);
  });

  it("rejects unknown words, ids and options, and repeated words", () => {
    expect(() => words.encode("the cat")).toThrowErrorMatchingInlineSnapshot(
      `[ValueError: WordTokenizer.encode: text must be a text of words in the vocabulary, got "cat"; the words are the dog runs .]`,
    );
    expect(() => words.tokens([4])).toThrowErrorMatchingInlineSnapshot(
      `[ValueError: WordTokenizer.tokens: ids must be from 0 to 3, got 4]`,
    );
    expect(() => new WordTokenizer({ words: ["a", "a"] })).toThrowErrorMatchingInlineSnapshot(
      `[ValueError: WordTokenizer: words must be distinct, got "a" twice]`,
    );
    expect(() => new WordTokenizer({ words: ["a"], unknown: "?" } as never)).toThrowErrorMatchingInlineSnapshot(
      `[UnknownNameError: WordTokenizer: unknown option "unknown"; known options: words, special, separator]`,
    );
  });
});
