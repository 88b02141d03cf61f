import { CharTokenizer, type CharTokenizerOptions } from "@tfblocks/text";
import * as fc from "fast-check";
import { describe, expect, it } from "vitest";

describe("CharTokenizer", () => {
  it("numbers the characters of a text by their code points, emoji as one", () => {
    const tokenizer = CharTokenizer.fromText("banana 🍌");
    expect(tokenizer.toJSON()).toEqual({ alphabet: [" ", "a", "b", "n", "🍌"] });
    expect(tokenizer.encode("nab🍌")).toEqual([3, 1, 2, 4]);
    expect(tokenizer.tokens([4, 0])).toEqual(["🍌", " "]);
    expect(tokenizer.vocabSize).toBe(5);
    expect(tokenizer.specialIds).toEqual({});
  });

  it("gives a text of its alphabet back", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary", minLength: 1 }), (text) => {
        const tokenizer = CharTokenizer.fromText(text);
        expect(tokenizer.decode(tokenizer.encode(text))).toBe(text);
      }),
    );
  });

  it("has a token for characters that it does not know, if wanted", () => {
    const tokenizer = new CharTokenizer({ alphabet: "abc", unknown: "<unk>" });
    expect(tokenizer.encode("abxc🍌")).toEqual([0, 1, 3, 2, 3]);
    expect(tokenizer.decode([0, 3])).toBe("a<unk>");
    expect(tokenizer.specialIds).toEqual({ "<unk>": 3 });
    expect(tokenizer.vocabSize).toBe(4);
  });

  it("survives JSON", () => {
    for (const tokenizer of [new CharTokenizer({ alphabet: "ab🍌", unknown: "?" }), CharTokenizer.fromText("xyz")]) {
      const copy = CharTokenizer.fromJSON(JSON.parse(JSON.stringify(tokenizer)) as CharTokenizerOptions);
      expect(copy.toJSON()).toEqual(tokenizer.toJSON());
      expect([copy.vocabSize, copy.specialIds]).toEqual([tokenizer.vocabSize, tokenizer.specialIds]);
    }
  });

  it("names what it cannot take", () => {
    const tokenizer = new CharTokenizer({ alphabet: "abc" });
    expect(() => tokenizer.encode("abd")).toThrowErrorMatchingInlineSnapshot(
      `[ValueError: CharTokenizer.encode: text must be of characters of the alphabet, got "d"; give the tokenizer an unknown token, as { unknown: "�" }]`,
    );
    expect(() => tokenizer.decode([0, 3])).toThrowErrorMatchingInlineSnapshot(
      `[ValueError: CharTokenizer.decode: ids[1] must be a token, from 0 to 2, got 3]`,
    );
    expect(() => tokenizer.tokens([0.5])).toThrowErrorMatchingInlineSnapshot(
      `[ValueError: CharTokenizer.tokens: ids[0] must be a token, from 0 to 2, got 0.5]`,
    );
    expect(() => new CharTokenizer({ alphabet: "" })).toThrowErrorMatchingInlineSnapshot(
      `[ValueError: CharTokenizer: alphabet must be one or more characters, each once, got none]`,
    );
    expect(() => new CharTokenizer({ alphabet: "aba" })).toThrowErrorMatchingInlineSnapshot(
      `[ValueError: CharTokenizer: alphabet must be one or more characters, each once, got "a"]`,
    );
    expect(() => new CharTokenizer({ alphabet: ["ab"] })).toThrowErrorMatchingInlineSnapshot(
      `[ValueError: CharTokenizer: alphabet must be one or more characters, each once, got "ab"]`,
    );
    expect(() => new CharTokenizer({ alphabet: "ab", unk: "?" } as never)).toThrowErrorMatchingInlineSnapshot(
      `[ValueError: CharTokenizer: options must be without unknown names, got unk; see its type for the known ones]`,
    );
  });

  it("refuses a character and an unknown token that are no strings", () => {
    expect(() => new CharTokenizer({ alphabet: [undefined] as never })).toThrow(
      /alphabet must be one or more characters, each once, got undefined/,
    );
    expect(() => new CharTokenizer({ alphabet: "ab", unknown: 5 as never })).toThrow(/unknown must be a string, got 5/);
  });

  it("takes an alphabet of all of Unicode in a time that grows with its size alone", () => {
    const alphabet = Array.from({ length: 200_000 }, (_, at) => String.fromCodePoint(0x10000 + at));
    const started = performance.now();
    expect(new CharTokenizer({ alphabet }).vocabSize).toBe(200_000);
    expect(performance.now() - started).toBeLessThan(10_000); // every character with every other takes a minute
  });
});
