import { expect, test } from "vitest";
import { type RandomHeads, randomHeadsWords } from "./random-heads.js";

const changes = { mean: 0.123, standardDeviation: 0.0456, draws: 8 };
const three: RandomHeads = { heads: 3, drawnFrom: "the same attentions", isAll: false, changes };

test.each<[RandomHeads, string]>([
  [
    three,
    "For comparison: switching off 3 other heads of the same layers, drawn at random, changes the mean loss by +0.123 ± 0.0456 (mean ± standard deviation, 8 draws).",
  ],
  [
    { ...three, heads: 1, isAll: true, changes: { ...changes, draws: 3 } },
    "For comparison: switching off 1 other head of the same layer, drawn at random, changes the mean loss by +0.123 ± 0.0456 (mean ± standard deviation, all 3 such sets).",
  ],
  [
    { ...three, drawnFrom: "the whole model", isAll: true, changes: { mean: -0.5, standardDeviation: 0, draws: 1 } },
    "For comparison: switching off the only 3 other heads of the model changes the mean loss by −0.500.",
  ],
  [{ ...three, isAll: true, changes: null }, "There is nothing to compare with: the model does not have 3 other heads."],
])("%j is said in a sentence", (randomHeads, words) => {
  expect(randomHeadsWords(randomHeads)).toBe(words);
});
