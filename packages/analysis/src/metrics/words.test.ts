import { describe, expect, it } from "vitest";
import { attentionMaps } from "../index.js";
import { OffsetCounts } from "./positional-baseline.js";
import { queriesOfWords, rowsOfWord, type Words, wordRow } from "./words.js";

describe("a row of words", () => {
  // [CLS] un ##do it
  const words: Words = { count: 2, wordOf: [-1, 0, 0, 1] };
  const rows = [0, 0, 0, 1, 0.2, 0.1, 0.1, 0.6, 0.3, 0.1, 0.4, 0.2, 0.5, 0.5, 0, 0];
  const mask = Uint8Array.of(1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 0, 0);
  const maps = attentionMaps(rows, [1, 1, 4, 4], { mask });

  const rowOf = (word: number) => {
    const read = rowsOfWord(maps, { batch: 0, head: 0 }, queriesOfWords(maps, words)[word]!, 2);
    return typeof read === "string" ? read : wordRow(word, read, words);
  };

  it("is the mean over the tokens of a word, of the sum over the tokens of each", () => {
    const { probabilities, allowed } = rowOf(0) as Exclude<ReturnType<typeof rowOf>, string>;
    expect(probabilities[0]).toBeCloseTo((0.1 + 0.1 + 0.1 + 0.4) / 2, 12);
    expect(probabilities[1]).toBeCloseTo((0.6 + 0.2) / 2, 12);
    expect([...allowed]).toEqual([1, 1]);
  });

  it("may attend to a word if it may attend to one of its tokens", () => {
    expect([...(rowOf(1) as Exclude<ReturnType<typeof rowOf>, string>).allowed]).toEqual([1, 0]);
  });

  it("has a reason when no token can be read", () => {
    expect(rowsOfWord(maps, { batch: 0, head: 0 }, [1, 2], 5)).toBe("fewKeys");
  });
});

describe("the positional baseline", () => {
  it("is the nearest of the offsets with the most hits, the earlier word first", () => {
    const counts = new OffsetCounts();
    expect(counts.best()).toBeNull();
    for (const offsets of [[3], [2], [-2], [3, 2], [-2]]) counts.add(offsets);
    expect(counts.best()).toEqual({ offset: -2, score: 2 / 5 });
  });
});
