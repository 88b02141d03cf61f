import { type Tensor } from "@tensorflow/tfjs-core";
import { attentionMaps } from "@tfblocks/analysis";
import { Random } from "@tfblocks/tensor-utils";
import { expectNewTensors, use, useBackend } from "@tfblocks/testkit";
import { beforeAll, describe, expect, it } from "vitest";
import { drawSum, sumOf } from "./addition/sums.js";
import { headScores } from "./induction/induction-scores.js";
import { drawRepeated, rowLength, vocabSize } from "./induction/repeated-sequence.js";
import type { Batch } from "./recipe.js";
import { recipeOf, recipes } from "./recipes.js";
import { drawString } from "./strings/strings.js";

const valuesOf = async (batch: Batch) => Promise.all(Object.values(batch as never).map((each) => (each as Tensor).array()));

describe.each(recipes.map((recipe) => [recipe.name, recipe] as const))("batches of %s", (_name, recipe) => {
  beforeAll(() => useBackend("cpu"));

  it("depend only on index and seed", async () => {
    const batches = use([recipe.batch(3, 1), recipe.batch(3, 1), recipe.batch(4, 1), recipe.batch(3, 2)]);
    const [first, again, later, other] = await Promise.all(batches.map(valuesOf));
    expect(again).toEqual(first);
    expect(later).not.toEqual(first);
    expect(other).not.toEqual(first);
  });

  it("contain known ids with a label for each position, and leak no tensor", async () => {
    const batch = await expectNewTensors(() => recipe.batch(0, 0), recipe.probe.answer === undefined ? 2 : 3);
    const { ids, target, labels } = batch;
    expect(ids.shape[0]).toBe(recipe.batchSize);
    expect(labels.shape).toEqual((target ?? ids).shape);
    const largest = recipe.tokenizer.vocabSize;
    for (const each of [ids, target ?? ids]) expect((await each.data()).every((id) => id >= 0 && id < largest)).toBe(true);
    expect((await labels.data()).every((id) => id === -100 || (id >= 0 && id < largest))).toBe(true);
  });

  it("held out are the same for the same options, and share no row with the training", async () => {
    const [heldOut, again, ...trained] = use([
      recipe.heldOutBatch({ count: 5, seed: 1 }),
      recipe.heldOutBatch({ count: 5, seed: 1 }),
      ...[0, 1, 2, 3].map((index) => recipe.batch(index, 1)),
    ]);
    expect(heldOut!.labels.shape[0]).toBe(5);
    expect(await valuesOf(heldOut!)).toEqual(await valuesOf(again!));
    const rowsOf = async ({ ids }: Batch) => ((await ids.array()) as number[][]).map((row) => row.join());
    const known = new Set((await Promise.all(trained.map(rowsOf))).flat());
    expect((await rowsOf(heldOut!)).filter((row) => known.has(row))).toEqual([]);
  });

  it("have a probe in the vocabulary of the tokenizer", () => {
    expect(recipe.tokenizer.encode(recipe.probe.text + (recipe.probe.answer ?? "")).length).toBeGreaterThan(8);
  });
});

describe("the data", () => {
  it("of addition are correct sums, units first, held out by pair", () => {
    expect(sumOf(457, 68)).toEqual({ question: "457+068=", answer: "5250" });
    expect(sumOf(999, 999)).toEqual({ question: "999+999=", answer: "8991" });
    const random = new Random(1);
    const questions = (heldOut: boolean) => Array.from({ length: 500 }, () => drawSum(random, heldOut).question);
    const trained = new Set(questions(false));
    expect(questions(true).filter((question) => trained.has(question))).toEqual([]);
  });

  it("of strings are transformed, held out by string", () => {
    const random = new Random(2);
    const twice = (letters: string) => letters + letters;
    const { question, answer } = drawString(random, 5, twice, true);
    expect(question).toMatch(/^[a-p]{5}=$/);
    expect(answer).toBe(twice(question.slice(0, -1)));
    const questions = (heldOut: boolean) => Array.from({ length: 200 }, () => drawString(random, 2, twice, heldOut).question);
    const trained = new Set(questions(false));
    expect(questions(true).filter((each) => trained.has(each))).toEqual([]);
  });

  it("of induction repeat distinct tokens", () => {
    const random = new Random(3);
    for (let row = 0; row < 50; row++) {
      const { ids, period } = drawRepeated(random);
      expect(ids).toHaveLength(rowLength);
      expect(new Set(ids.slice(0, period)).size).toBe(period);
      expect(ids.every((id, at) => id < vocabSize && id === ids[at % period])).toBe(true);
      expect(2 * period).toBeLessThanOrEqual(rowLength);
    }
  });

  it("of an unknown recipe do not exist", () => {
    expect(() => recipeOf("chess")).toThrowErrorMatchingInlineSnapshot(
      `[ValueError: recipeOf: name must be one of copy, reverse, induction, addition, grammar, got "chess"]`,
    );
  });
});

it("a head that attends to the token after an earlier occurrence is an induction head; a previous-token head is not", () => {
  const row = { ids: [5, 6, 7, 5, 6, 7], period: 3 };
  const keyOf = (query: number, distance: number) => (query < distance ? query : query - distance);
  const attendingTo = (distance: number) =>
    Array.from({ length: 36 }, (_, cell) => (cell % 6 === keyOf(Math.floor(cell / 6), distance) ? 1 : 0));
  const weights = [...attendingTo(2), ...attendingTo(1)];
  const maps = attentionMaps(weights, [1, 2, 6, 6], { mask: { at: (_row, _head, query, key) => key <= query } });
  expect(headScores(1, maps, [row])).toEqual([
    { layer: 1, head: 0, induction: 1, previous: 0 },
    { layer: 1, head: 1, induction: 0, previous: 1 },
  ]);
});
