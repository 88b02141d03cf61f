import { Random } from "@tfblocks/tensor-utils";
import { describe, expect, it } from "vitest";
import { contrastsOf, distractors } from "./contrasts.js";
import { vocabulary } from "./lexicon.js";
import { drawSentence, type Sentence } from "./sentence.js";
import { parse } from "./testing/parse.js";

const draw = (seed: number, count: number, heldOut = false): Sentence[] => {
  const random = new Random(seed);
  return Array.from({ length: count }, () => drawSentence(random, heldOut));
};
const textOf = ({ words }: Sentence) => words.join(" ");
const sentenceOf = (text: string): Sentence => ({ words: text.split(" "), arcs: parse(text.split(" ")) });

describe("sentences of the grammar", () => {
  it("have the arcs of an independent parser", () => {
    for (const { words, arcs } of draw(1, 500)) expect(arcs.toSorted((a, b) => a.from - b.from)).toEqual(parse(words));
  });

  it("are the same for the same seed, and different for another", () => {
    expect(draw(2, 20)).toEqual(draw(2, 20));
    expect(draw(2, 20)).not.toEqual(draw(3, 20));
  });

  it("have at most 32 words and use a whole vocabulary of 60 to 90 words", () => {
    const sentences = draw(4, 1500);
    expect(Math.max(...sentences.map(({ words }) => words.length))).toBeLessThanOrEqual(32);
    expect(new Set(sentences.flatMap(({ words }) => words))).toEqual(new Set(vocabulary));
    expect(vocabulary.length).toBeGreaterThanOrEqual(60);
    expect(vocabulary.length).toBeLessThanOrEqual(90);
  });

  it("that are held out never occur in training", () => {
    const trained = new Set(draw(5, 2000).map(textOf));
    expect(
      draw(6, 300, true)
        .map(textOf)
        .filter((text) => trained.has(text)),
    ).toEqual([]);
  });

  it("have nested brackets and every kind of dependency", () => {
    const sentences = draw(7, 500);
    const kinds = sentences.flatMap(({ arcs }) => arcs.map(({ kind }) => kind));
    for (const kind of ["agreement", "bracket", "reflexive"] as const) expect(kinds).toContain(kind);
    expect(sentences.filter((each) => /[([{][^)\]}]*[([{]/.test(textOf(each))).length).toBeGreaterThan(10);
  });
});

describe("contrasts", () => {
  it("are verbs after a noun of the other number, closing brackets and reflexives", () => {
    const sentence = sentenceOf("the dogs ( near my tree [ that the girl sees ] ) run .");
    expect(contrastsOf(sentence)).toEqual([
      { kind: "bracket", at: 11, right: "]", wrong: [")", "}"] },
      { kind: "bracket", at: 12, right: ")", wrong: ["]", "}"] },
      { kind: "agreement", at: 13, right: "run", wrong: ["runs"] },
    ]);
    expect(distractors(sentence, { kind: "agreement", from: 13, to: 1 })).toEqual([5, 9]);
    expect(contrastsOf(sentenceOf("my queen admires herself ."))).toEqual([
      { kind: "reflexive", at: 3, right: "herself", wrong: ["himself", "themselves"] },
    ]);
  });
});
