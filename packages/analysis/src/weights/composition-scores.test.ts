import { concat, memory, split, type Tensor, tensor, zeros } from "@tensorflow/tfjs-core";
import { multiHeadAttention } from "@tfblocks/attention";
import { analysisWeightsFixtures } from "@tfblocks/fixtures/analysis-weights";
import { Random, replaceParts, UnknownNameError, ValueError } from "@tfblocks/tensor-utils";
import { use, useBackend } from "@tfblocks/testkit";
import { type EncoderDecoder, type LanguageModel, preNorm, type TransformerLayer } from "@tfblocks/transformer";
import { bert, gpt2, t5 } from "@tfblocks/transformer/models";
import { beforeAll, describe, expect, it } from "vitest";
import { compositionScores, type CompositionScores } from "../models.js";
import { differences, loadedModel } from "../testing/loaded-model.js";

beforeAll(() => useBackend("cpu"));

const kinds = ["query", "key", "value"] as const;
const cellsOf = (scores: CompositionScores, kind: (typeof kinds)[number]) => scores[kind].scores.flat();
const tiny = (seed = 0): LanguageModel =>
  use(gpt2({ vocabSize: 7, maxLength: 8, dModel: 4, numHeads: 2, numLayers: 2, random: new Random(seed) }));

function assign(model: LanguageModel | EncoderDecoder, values: Readonly<Record<string, readonly number[]>>): void {
  for (const [name, parameter] of Object.entries(model.parameters())) {
    const given = Object.entries(values).find(([end]) => name.endsWith(end))?.[1];
    if (!name.includes("attention.")) continue;
    parameter.assign(use(given ? tensor([...given], parameter.shape as [number]) : zeros(parameter.shape)));
  }
}

describe("compositionScores", () => {
  it.each(["gpt2", "llama-default"] as const)("agree with whole matrices in numpy: %s", async (name) => {
    const { model } = await loadedModel(name);
    const before = memory().numTensors;
    const [plain, folded] = [await compositionScores(model), await compositionScores(model, { foldNorm: true })];
    expect(memory().numTensors).toBe(before);
    const { composition } = analysisWeightsFixtures[name];
    for (const kind of kinds) {
      expect(differences(cellsOf(plain, kind), composition.plain[kind].flat())).toBeLessThan(1e-11);
      expect(differences(cellsOf(folded, kind), composition.folded[kind].flat())).toBeLessThan(1e-11);
    }
    expect(plain.ignored).toEqual(name === "gpt2" ? ["bias"] : ["rotary"]);
    expect(JSON.parse(JSON.stringify(plain))).toEqual(plain);
  });

  it("are 1 where the later head reads exactly what the earlier one writes, and 0 where it reads nothing of it", async () => {
    const model = tiny();
    // Head 0 of layer 0 writes to axis 0; in layer 1 the queries of head 0, and the keys of head 1, read axis 0.
    const read = (head: number, axis: number) => Array.from({ length: 16 }, (_, at) => Number(at === head * 8 + axis));
    assign(model, {
      "layers.0.attention.value.weight": read(0, 2),
      "layers.0.attention.output.weight": [1, ...Array.from({ length: 15 }, () => 0)],
      "layers.1.attention.query.weight": read(0, 0).map((each, at) => each + read(1, 3)[at]!),
      "layers.1.attention.key.weight": read(0, 3).map((each, at) => each + read(1, 0)[at]!),
    });
    const { query, key, value, heads } = await compositionScores(model, { draws: 1 });
    expect(heads.map(({ attention, head }) => `${attention} ${head}`)[3]).toBe("layers.1.attention 1");
    expect([query.scores[0], key.scores[0]]).toEqual([
      [null, null, 1, 0],
      [null, null, 0, 1],
    ]);
    expect(value.scores[0]).toEqual([null, null, null, null]); // W_V W_O of layer 1 is 0
    expect([query.scores[1], query.scores[2]]).toEqual([
      [null, null, null, null],
      [null, null, null, null],
    ]);
  });
});

describe("the baseline of compositionScores", () => {
  it("is the same for all pairs of one shape, seeded, and near the scores of random weights", async () => {
    const model = use(gpt2({ vocabSize: 7, maxLength: 8, dModel: 32, numHeads: 4, numLayers: 2 }));
    const { query, value } = await compositionScores(model, { draws: 16 });
    const known = query.baseline.flat().filter((each) => each !== null);
    expect(new Set(known).size).toBe(1);
    expect(value.baseline).toEqual(query.baseline);
    const excess = query.excess.flat().filter((each) => each !== null);
    expect(Math.abs(excess.reduce((sum, each) => sum + each, 0) / excess.length)).toBeLessThan(0.01);
    expect(query.excess[0]![4]).toBe(query.scores[0]![4]! - known[0]!);
    const other = await compositionScores(model, { draws: 16, seed: 1 });
    expect(other.query.baseline[0]![4]).not.toBe(known[0]);
    expect(other.query.baseline[0]![4]).toBeCloseTo(known[0]!, 1);
  });

  it("is the scores of given initial weights", async () => {
    const [model, initial] = [tiny(0), tiny(5)];
    const own = await compositionScores(initial);
    expect((await compositionScores(model, { initial })).query.baseline).toEqual(own.query.scores);
    expect((await compositionScores(model, { initial: model })).value.excess[0]![2]).toBe(0);
  });

  it("refuses bad options", async () => {
    const larger = use(gpt2({ vocabSize: 7, maxLength: 8, dModel: 8, numHeads: 2, numLayers: 2 }));
    await expect(compositionScores(tiny(), { initial: larger })).rejects.toThrowErrorMatchingInlineSnapshot(
      `[ValueError: compositionScores: initial must be a model with the same heads, got one with others]`,
    );
    await expect(compositionScores(tiny(), { layers: [2] })).rejects.toThrowErrorMatchingInlineSnapshot(
      `[ValueError: compositionScores: model must be a model with multi-head attention in the requested layers, got none in layers [2]]`,
    );
    await expect(compositionScores(tiny(), { layers: 1 } as never)).rejects.toThrow(ValueError);
    await expect(compositionScores(tiny(), { draws: 0 })).rejects.toThrow(ValueError);
    await expect(compositionScores(tiny(), { norm: true } as never)).rejects.toThrow(UnknownNameError);
  });
});

describe("the order of heads in compositionScores", () => {
  it("lets cross-attention read the encoder by keys and values, and its own layer by queries", async () => {
    const model = use(t5({ vocabSize: 7, dModel: 4, numHeads: 1, headDim: 4, hiddenDim: 4, numLayers: 2, numDecoderLayers: 1 }));
    const { heads, query, key, value } = await compositionScores(model, { foldNorm: true });
    const named = (table: CompositionScores["key"]) =>
      table.scores.flatMap((row, from) =>
        row.flatMap((each, to) => (each === null ? [] : [`${heads[from]!.attention} > ${heads[to]!.attention}`])),
      );
    const [first, second] = ["encoder.layers.0.attention", "encoder.layers.1.attention"];
    const [own, cross] = ["decoder.layers.0.attention", "decoder.layers.0.crossAttention"];
    expect(named(query)).toEqual([`${first} > ${second}`, `${own} > ${cross}`]);
    expect(named(key)).toEqual([`${first} > ${second}`, `${first} > ${cross}`, `${second} > ${cross}`]);
    expect(named(value)).toEqual(named(key));
  });

  it("keeps only the requested layers", async () => {
    const model = use(gpt2({ vocabSize: 7, maxLength: 8, dModel: 4, numHeads: 2, numLayers: 3 }));
    const { heads, key } = await compositionScores(model, { layers: [0, 2] });
    expect(heads.map(({ attention }) => attention)).toEqual([
      "layers.0.attention",
      "layers.0.attention",
      "layers.2.attention",
      "layers.2.attention",
    ]);
    expect(key.scores[1]![2]).toBe((await compositionScores(model)).key.scores[1]![4]);
  });
});

describe("compositionScores of changed models", () => {
  it("permutes with the heads", async () => {
    const model = tiny(3);
    const first = await compositionScores(model);
    const halves = (axis: 0 | 1) => (parameter: Tensor) => concat(split(parameter, 2, axis).toReversed(), axis);
    for (const [name, parameter] of Object.entries(model.parameters())) {
      if (!name.startsWith("layers.1.attention.") || name.endsWith("output.bias")) continue;
      parameter.assign(use(() => halves(name.endsWith("output.weight") ? 1 : 0)(parameter)));
    }
    const second = await compositionScores(model);
    for (const kind of kinds) {
      const swapped = first[kind].scores.map(([a, b, c, d]) => [a!, b!, d!, c!]);
      expect(differences(second[kind].scores.slice(0, 2).flat(), swapped.slice(0, 2).flat())).toBeLessThan(1e-12);
      expect(first[kind].scores[0]![2]).not.toBeCloseTo(first[kind].scores[0]![3]!, 3);
    }
  });

  it("folds no norm of a layer that it does not know, and none where a sublayer reads the stream itself", async () => {
    const sizes = { dModel: 4, numHeads: 2, hiddenDim: 4 };
    const encoder = use(bert({ ...sizes, vocabSize: 7, maxLength: 8, numLayers: 2 }));
    const [plain, folded] = [await compositionScores(encoder), await compositionScores(encoder, { foldNorm: true })];
    expect(folded.query.scores).toEqual(plain.query.scores);
    const attention = use(multiHeadAttention({ dModel: 4, numHeads: 2 }));
    await expect(compositionScores(attention, { foldNorm: true })).rejects.toThrow(ValueError);
    const own = { ...preNorm, read: (x: Tensor) => x };
    const layer = replaceParts(tiny(), "layers.0", (part) => (part as TransformerLayer).remake({ residual: own }));
    await expect(compositionScores(layer, { foldNorm: true })).rejects.toThrowErrorMatchingInlineSnapshot(
      `[ValueError: compositionScores: model must be "layers.0.attention" in a TransformerLayer or ParallelLayer with a residual rule of @tfblocks/transformer, got another layer; leave foldNorm out]`,
    );
  });
});
