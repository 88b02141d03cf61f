import { memory } from "@tensorflow/tfjs-core";
import { attentionsOf } from "@tfblocks/analysis/models";
import { scope } from "@tfblocks/tensor-utils";
import { useBackend } from "@tfblocks/testkit";
import { EncoderDecoder } from "@tfblocks/transformer";
import { beforeAll, describe, expect, test } from "vitest";
import type { HeadPlace } from "../models/model-info.js";
import type { OpenModel } from "../models/opened-model.js";
import { type ReadTexts, readTexts, withTensors } from "./model-texts.js";
import { readCell } from "./read-cell.js";
import { readHead } from "./read-head.js";
import { readPredictions } from "./read-predictions.js";
import { readTokens } from "./read-tokens.js";
import { Run } from "./run.js";
import { inputOf, tinyFamilies, tinyModel } from "./testing/tiny-models.js";

beforeAll(() => useBackend("wasm"));

const text = "a b c a b d e";
const settings = { temperature: 1, topK: 4 };

/** The weights and the logits that the model itself returns. */
function returned({ model }: OpenModel, texts: ReadTexts, { kind, layer }: HeadPlace) {
  return withTensors(texts, ({ ids, source }) =>
    scope(() => {
      if (!(model instanceof EncoderDecoder)) {
        const { weights } = model.hidden(ids, { needWeights: true });
        const logits = model.head === undefined ? new Float32Array() : model.apply(ids).logits.dataSync<"float32">().slice();
        return { weights: weights![layer]!.dataSync().slice(), logits };
      }
      const { encoder, weights, crossWeights, logits } = model.apply(source!, ids, { needWeights: true });
      const chosen = { self: undefined, decoder: weights, cross: crossWeights, encoder: encoder.weights }[kind]!;
      return { weights: chosen[layer]!.dataSync().slice(), logits: logits.dataSync<"float32">().slice() };
    }),
  );
}

function placesOf({ info }: OpenModel): HeadPlace[] {
  return info.stacks.flatMap(({ kind, parts, heads }) =>
    parts.flatMap((_, layer) => Array.from({ length: heads }, (__, head) => ({ kind, layer, head }))),
  );
}

function softmax(scores: ArrayLike<number>): number[] {
  const largest = Math.max(...Array.from(scores));
  const powers = Array.from(scores, (score) => Math.exp(score - largest));
  const total = powers.reduce((sum, power) => sum + power, 0);
  return powers.map((power) => power / total);
}

describe.each(tinyFamilies)("readings of a random %s", (family) => {
  test("a head has the weights that the model returns, and its mask", async () => {
    const opened = tinyModel(family);
    const input = inputOf(family, text);
    const run = new Run(opened, input);
    for (const place of placesOf(opened)) {
      const { map, metrics } = await readHead(run, place);
      const { rows, columns, values, allowed } = map;
      const { weights } = returned(opened, run.texts, place);
      const width = weights.length / (rows * run.opened.info.stacks.find(({ kind }) => kind === place.kind)!.heads);
      for (let cell = 0; cell < rows * columns; cell++) {
        const [row, column] = [Math.floor(cell / columns), cell % columns];
        expect(values[cell]).toBeCloseTo(weights[(place.head * rows + row) * width + column]!, 6);
        if (allowed[cell] === 0) expect(values[cell]).toBe(0);
      }
      expect(metrics.length).toBeGreaterThan(4);
    }
    run.dispose();
  });

  test("the numbers of a cell compute its weight", async () => {
    const opened = tinyModel(family);
    const run = new Run(opened, inputOf(family, text));
    for (const place of placesOf(opened)) {
      const { map } = await readHead(run, place);
      const [query, key] = [Math.min(3, map.rows - 1), 1];
      const cell = await readCell(run, place, query, key);
      const dot = cell.queryVector.reduce((sum, value, at) => sum + value * cell.keyVector[at]!, 0);
      expect(cell.raw[key]).toBeCloseTo(dot, 4);
      expect(cell.scaled[key]).toBeCloseTo(dot * cell.scale, 4);
      expect([...cell.weights]).toEqual([...map.values.subarray(query * map.columns, (query + 1) * map.columns)]);
      const rest = 1 - cell.otherWeight;
      softmax(cell.masked).forEach((weight, at) => expect(cell.weights[at]).toBeCloseTo(weight * rest, 5));
      expect(cell.weights.reduce((sum, weight) => sum + weight, cell.otherWeight)).toBeCloseTo(1, 5);
      cell.masked.forEach((score, at) => expect(score === -Infinity).toBe(cell.allowed[at] === 0));
      expect(cell.reason).toMatch(cell.allowed[key] === 1 ? /every|may attend/ : /may not attend/);
      checkBias(opened, cell);
    }
    run.dispose();
  });
});

/** What stands between the scaled and the masked score: nothing, a soft cap, or the bias of T5. */
function checkBias({ info, model }: OpenModel, cell: Awaited<ReturnType<typeof readCell>>): void {
  const softcap = attentionsOf(model)[0]!.attention.softcap;
  for (const [at, scaled] of cell.scaled.entries()) {
    if (cell.allowed[at] === 0 || (info.family === "t5" && cell.place.kind !== "cross")) continue;
    expect(cell.masked[at]).toBeCloseTo(softcap === undefined ? scaled : softcap * Math.tanh(scaled / softcap), 5);
  }
}

describe.each(tinyFamilies.filter((family) => family !== "headless"))("predictions of a random %s", (family) => {
  test("are those of the model's logits in float64", async () => {
    const opened = tinyModel(family);
    const run = new Run(opened, inputOf(family, text));
    const { logits } = returned(opened, run.texts, placesOf(opened).at(-1)!);
    const width = opened.info.vocabSize;
    for (const temperature of [1, 0.5]) {
      const { positions, meanLoss } = await readPredictions(run, { ...settings, temperature });
      const losses: number[] = [];
      for (const [at, { top, actual }] of positions.entries()) {
        const own = [...logits.subarray(at * width, (at + 1) * width)];
        const warm = softmax(own.map((logit) => logit / temperature));
        expect(top.map(({ probability }) => probability)).toEqual(top.map(({ id }) => expect.closeTo(warm[id]!, 6)));
        expect(top[0]!.probability).toBeCloseTo(Math.max(...warm), 6);
        const next = run.texts.text.ids[at + 1];
        if (actual === null) continue;
        expect(actual.id).toBe(next);
        expect(actual.probability).toBeCloseTo(warm[next!]!, 6);
        expect(actual.loss).toBeCloseTo(-Math.log(softmax(own)[next!]!), 5);
        expect(actual.rank).toBe(1 + own.filter((logit) => logit > own[next!]!).length);
        losses.push(actual.loss);
      }
      expect(losses.length).toBe(family === "bert" ? 0 : positions.length - 1);
      if (family === "bert") expect(meanLoss).toBeNull();
      else expect(meanLoss).toBeCloseTo(losses.reduce((sum, loss) => sum + loss, 0) / losses.length, 9);
    }
    run.dispose();
  });
});

test("a run frees everything", async () => {
  for (const family of tinyFamilies) {
    const opened = tinyModel(family);
    const before = memory().numTensors;
    const run = new Run(opened, inputOf(family, text));
    const place = placesOf(opened)[1]!;
    await readHead(run, place);
    await readCell(run, place, 1, 1);
    await readPredictions(run, settings);
    run.dispose();
    expect(memory().numTensors).toBe(before);
  }
});

test("texts are read as the model reads them", () => {
  const t5 = readTexts(tinyModel("t5"), { text: "a b", answer: "c d" });
  expect(t5.source!.tokens).toEqual(["a", "b", "</s>"]);
  expect(t5.text.tokens).toEqual(["<s>", "c", "d"]);
  const input = inputOf("bert", "a b c d e f g h i j a b c d e f g x i j");
  const { tokens, leftOut } = readTokens(tinyModel("bert"), input);
  expect(tokens.map(({ text: token }) => token)).toEqual(["<s>", ...Array.from("abcdefghijabcd"), "</s>"]);
  expect(leftOut).toBe(6);
  expect(readTokens(tinyModel("gpt2"), inputOf("gpt2", "a x")).tokens[1]).toEqual({ id: 2, text: "?", isUnknown: true });
  expect(() => readTexts(tinyModel("gpt2"), { text: "  ", answer: "" })).toThrow("The text is empty");
});
