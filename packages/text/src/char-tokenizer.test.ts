import { CharTokenizer, type CharTokenizerOptions } from "@tfblocks/text";
import * as fc from "fast-check";
import { describe, expect, it } from "vitest";

describe("CharTokenizer", () => {
  it("numbers the characters of a text by code point, and counts an emoji as one", () => {
    const tokenizer = CharTokenizer.fromText("banana 🍌");
    expect(tokenizer.toJSON()).toEqual({ alphabet: [" ", "a", "b", "n", "🍌"] });
    expect(tokenizer.encode("nab🍌")).toEqual([3, 1, 2, 4]);
    expect(tokenizer.tokens([4, 0])).toEqual(["🍌", " "]);
    expect(tokenizer.vocabSize).toBe(5);
    expect(tokenizer.specialIds).toEqual({});
  });

  it("refuses a second text", () => {
    const encode = (...texts: string[]) => CharTokenizer.fromText("ab").encode(...(texts as [string]));
    expect(encode("a")).toEqual([0]);
    expect(() => encode("a", "b")).toThrowErrorMatchingInlineSnapshot(
      `[ValueError: CharTokenizer.encode: pair must be omitted: it encodes one text, got "b"]`,
    );
  });

  it("round-trips texts of its alphabet", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary", minLength: 1 }), (text) => {
        const tokenizer = CharTokenizer.fromText(text);
        expect(tokenizer.decode(tokenizer.encode(text))).toBe(text);
      }),
    );
  });

  it("has an optional token for unknown characters", () => {
    const tokenizer = new CharTokenizer({ alphabet: "abc", unknown: "<unk>" });
    expect(tokenizer.encode("abxc🍌")).toEqual([0, 1, 3, 2, 3]);
    expect(tokenizer.decode([0, 3])).toBe("a<unk>");
    expect(tokenizer.specialIds).toEqual({ "<unk>": 3 });
    expect(tokenizer.vocabSize).toBe(4);
  });

  it("round-trips through JSON", () => {
    for (const tokenizer of [new CharTokenizer({ alphabet: "ab🍌", unknown: "?" }), CharTokenizer.fromText("xyz")]) {
      const copy = CharTokenizer.fromJSON(JSON.parse(JSON.stringify(tokenizer)) as CharTokenizerOptions);
      expect(copy.toJSON()).toEqual(tokenizer.toJSON());
      expect([copy.vocabSize, copy.specialIds]).toEqual([tokenizer.vocabSize, tokenizer.specialIds]);
    }
  });

  it("accepts a large alphabet in linear time", () => {
    const alphabet = Array.from({ length: 200_000 }, (_, at) => String.fromCodePoint(0x10000 + at));
    const started = performance.now();
    expect(new CharTokenizer({ alphabet }).vocabSize).toBe(200_000);
    expect(performance.now() - started).toBeLessThan(10_000); // comparing all pairs of characters would take a minute
  });
});

describe("CharTokenizer and its arguments", () => {
  it("rejects unknown characters, ids and options by name", () => {
    const tokenizer = new CharTokenizer({ alphabet: "abc" });
    expect(() => tokenizer.encode("abd")).toThrowErrorMatchingInlineSnapshot(
      `[ValueError: CharTokenizer.encode: text must be a string of characters in the alphabet, got "d"; set a token for unknown characters, for example { unknown: "�" }]`,
    );
    expect(() => tokenizer.decode([0, 3])).toThrowErrorMatchingInlineSnapshot(
      `[ValueError: CharTokenizer.decode: ids[1] must be the id of a token, 0 to 2, got 3]`,
    );
    expect(() => tokenizer.tokens([0.5])).toThrowErrorMatchingInlineSnapshot(
      `[ValueError: CharTokenizer.tokens: ids[0] must be the id of a token, 0 to 2, got 0.5]`,
    );
    expect(() => new CharTokenizer({ alphabet: "" })).toThrowErrorMatchingInlineSnapshot(
      `[ValueError: CharTokenizer: alphabet must be one or more distinct characters, got none]`,
    );
    expect(() => new CharTokenizer({ alphabet: "aba" })).toThrowErrorMatchingInlineSnapshot(
      `[ValueError: CharTokenizer: alphabet must be one or more distinct characters, got "a" twice]`,
    );
    expect(() => new CharTokenizer({ alphabet: ["ab"] })).toThrowErrorMatchingInlineSnapshot(
      `[ValueError: CharTokenizer: alphabet must be one or more distinct characters, got "ab"]`,
    );
    expect(() => new CharTokenizer({ alphabet: "ab", unk: "?" } as never)).toThrowErrorMatchingInlineSnapshot(
      `[UnknownNameError: CharTokenizer: unknown option "unk"; known options: alphabet, unknown]`,
    );
  });

  it("rejects unknown options of fromText", () => {
    expect(() => CharTokenizer.fromText("ab", { alphabet: "abc" } as never)).toThrowErrorMatchingInlineSnapshot(
      `[UnknownNameError: CharTokenizer.fromText: unknown option "alphabet"; known options: unknown]`,
    );
  });

  it("rejects characters and unknown tokens that are not strings", () => {
    expect(() => new CharTokenizer({ alphabet: [undefined] as never })).toThrow(
      /alphabet must be one or more distinct characters, got undefined/,
    );
    expect(() => new CharTokenizer({ alphabet: "ab", unknown: 5 as never })).toThrow(/unknown must be a string, got 5/);
  });
});
