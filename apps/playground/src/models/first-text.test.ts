import { expect, test } from "vitest";
import { firstText } from "./first-text.js";
import type { ModelTokenizer } from "./opened-model.js";

/** Ids beyond the vocabulary, as in models whose embeddings are padded. */
const spareIds = 50;

/** A tokenizer that knows some words whole, and others by their characters if it has these; everything else is unknown. */
function tokenizerOf(vocabulary: readonly string[]): ModelTokenizer {
  const all = ["<unk>", ...vocabulary];
  const idOf = (piece: string): number => Math.max(0, all.indexOf(piece));
  const encode = (text: string): number[] =>
    text.split(" ").flatMap((word) => (all.includes(word) ? [idOf(word)] : Array.from(word).map(idOf)));
  const texts = (ids: readonly number[]): string[] =>
    ids.map((id) => {
      if (id >= all.length) throw new RangeError("no token has this id");
      return all[id]!;
    });
  const decode = (ids: readonly number[]): string => texts(ids).join(" ");
  return { encode, texts, decode, unknownId: 0, specialIds: new Set([0]) };
}

const firstOf = (vocabulary: readonly string[]) => firstText(tokenizerOf(vocabulary), vocabulary.length + spareIds);

const latin = Array.from("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZäöüßéáñ.,'");

test("a text is English where the vocabulary is Latin, and German where it has the German words", () => {
  expect(firstOf([...latin, "cat", "sat"])).toMatchObject({ text: "The cat sat on the mat because it was tired.", word: "cat" });
  const german = ["Die", "Katze", "lag", "auf", "dem", "weil", "sie", "müde"];
  expect(firstOf([...latin, ...german])).toMatchObject({ text: "Die Katze lag auf dem Sofa, weil sie müde war.", word: "Katze" });
});

test("a text is in the script of most tokens", () => {
  expect(firstOf([...Array.from("猫坐在垫子上因为它累了，。"), "a", "b"]).text).toBe("猫坐在垫子上，因为它累了。");
  expect(firstOf([...Array.from("Котлежалндивпмучуся,."), "a", "b"]).text).toBe("Кот лежал на диване, потому что он устал.");
});

test("a vocabulary that can spell no sentence gives some of its words", () => {
  expect(firstOf(["w1", "w2", "w3"])).toEqual({ text: "w1 w2 w3", word: undefined });
});
