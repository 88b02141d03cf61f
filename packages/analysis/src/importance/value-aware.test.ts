import { memory, tensor2d, zeros } from "@tensorflow/tfjs-core";
import { analysisWeightsFixtures } from "@tfblocks/fixtures/analysis-weights";
import { ShapeError, UnknownNameError, ValueError } from "@tfblocks/tensor-utils";
import { padding } from "@tfblocks/masks";
import { backendNames, use, useBackend } from "@tfblocks/testkit";
import type { EncoderDecoder } from "@tfblocks/transformer";
import { t5 } from "@tfblocks/transformer/models";
import { beforeAll, describe, expect, it } from "vitest";
import { attentionMaps } from "../index.js";
import { attentionsOf, normWeightedAttention, record, valuesOf, valueZeroing } from "../models.js";
import { differences, loadedModel } from "../testing/loaded-model.js";

const names = ["gpt2", "llama-default"] as const;

/** Norm-weighted attention of every layer. */
async function normsOf(name: (typeof names)[number]) {
  const { model, ids } = await loadedModel(name);
  const before = memory().numTensors;
  const recording = record(
    model,
    { values: valuesOf("layers.*.attention") },
    (watched) => watched.hidden(ids, { needWeights: true }).weights!,
  );
  const results = await Promise.all(
    attentionsOf(model).map((part, at) =>
      normWeightedAttention(part.attention, recording.result[at]!, recording.values.values[`${part.name}.value`]!),
    ),
  );
  for (const weights of recording.result) weights.dispose();
  recording.dispose();
  expect(memory().numTensors).toBe(before);
  return results;
}

describe.each(backendNames)("value-aware attention on %s", (backend) => {
  beforeAll(() => useBackend(backend));

  it.each(names)("has the norms of the vectors that PyTorch adds: %s", async (name) => {
    const results = await normsOf(name);
    results.forEach(({ norms, shape: [, heads, queries, keys] }, layer) => {
      const expected = analysisWeightsFixtures[name].normWeighted[layer]!.flat(2);
      expect(expected.length).toBe(heads * queries * keys);
      expect(differences(Array.from(norms.slice(0, expected.length)), expected)).toBeLessThan(2e-5);
    });
  });

  it.each(names)("zeroes values as PyTorch does: %s", async (name) => {
    const { model, ids } = await loadedModel(name);
    const before = memory().numTensors;
    const { layers, ...named } = await valueZeroing(model, (watched) => watched.apply(ids));
    expect(named).toEqual({ metric: "valueZeroing", version: 1 });
    expect(JSON.parse(JSON.stringify(layers))).toStrictEqual(layers);
    expect(memory().numTensors).toBe(before);
    layers.forEach(({ scores, attention, shape }, layer) => {
      expect([attention, ...shape]).toEqual([`layers.${layer}.attention`, 3, 11, 11]);
      const expected = analysisWeightsFixtures[name].valueZeroing[layer]!.flat(2);
      expect(differences([...scores], expected)).toBeLessThan(2e-5);
    });
  });
});

describe("normWeightedAttention", () => {
  beforeAll(() => useBackend("cpu"));

  it("is the weight times the norm of the value, and its relative rows sum to 1", async () => {
    const [{ norms, relative, valueNorms, shape }] = (await normsOf("llama-default")) as [
      Awaited<ReturnType<typeof normWeightedAttention>>,
    ];
    expect(norms[0]).toBeCloseTo(valueNorms[0]!, 5); // the first row attends to itself
    const mask = { at: (_batch: number, _head: number, query: number, key: number) => key <= query };
    expect(() => attentionMaps(relative, shape, { mask })).not.toThrow();
    expect(valueNorms.length).toBe(3 * 6 * 11);
  });

  it("refuses weights and values of another attention", async () => {
    const { model } = await loadedModel("gpt2");
    const [{ attention }] = attentionsOf(model) as [ReturnType<typeof attentionsOf>[number]];
    const of = (heads: number, keys: number, width: number) =>
      normWeightedAttention(attention, use(zeros([1, heads, 2, 2])), use(zeros([1, keys, width])));
    await expect(of(3, 2, 36)).resolves.toMatchObject({ relative: Array.from({ length: 12 }, () => 0) });
    await expect(normWeightedAttention(model as never, use(zeros([1, 3, 2, 2])), use(zeros([1, 2, 36])))).rejects.toThrow(
      "attention must be a MultiHeadAttention, got an object; take one from attentionsOf(model)",
    );
    await expect(of(2, 2, 36)).rejects.toThrow(ShapeError);
    await expect(of(3, 3, 36)).rejects.toThrow(ShapeError);
    await expect(of(3, 2, 24)).rejects.toThrowErrorMatchingInlineSnapshot(
      `[ShapeError: normWeightedAttention: values must be [batch, keyLength, width] with width = 36 (from the value projection), got [1, 2, 24]]`,
    );
  });
});

describe("valueZeroing", () => {
  beforeAll(() => useBackend("cpu"));

  it("does not depend on how many copies are computed at once, and sees no key that the mask forbids", async () => {
    const { model, ids } = await loadedModel("gpt2");
    const results = await Promise.all(
      [1, 3, 64].map(async (copies) => (await valueZeroing(model, (watched) => watched.apply(ids), { copies })).layers),
    );
    for (const [layer, { scores, relative }] of results[0]!.entries()) {
      for (const other of results) expect(differences([...other[layer]!.scores], [...scores])).toBeLessThan(1e-6);
      scores.forEach((score, cell) =>
        cell % 11 > Math.floor(cell / 11) % 11 ? expect(score).toBe(0) : expect(score).toBeGreaterThanOrEqual(0),
      );
      expect(relative.slice(22, 33).reduce((sum, value) => sum + value, 0)).toBeCloseTo(1, 10);
    }
  });
});

describe("valueZeroing with masks of each sequence", () => {
  beforeAll(() => useBackend("cpu"));

  it("sees padding, and the memory of cross-attention", async () => {
    const model = use(t5({ vocabSize: 7, dModel: 8, numHeads: 2, hiddenDim: 8, numLayers: 1, numDecoderLayers: 2 }));
    const [source, target] = [
      use(
        tensor2d(
          [
            [1, 2, 3],
            [4, 5, 6],
          ],
          [2, 3],
          "int32",
        ),
      ),
      use(
        tensor2d(
          [
            [0, 4],
            [0, 5],
          ],
          [2, 2],
          "int32",
        ),
      ),
    ];
    const run = (watched: EncoderDecoder) => watched.apply(source, target, { sourceMask: padding({ lengths: [3, 2] }) });
    const { layers: cross } = await valueZeroing(model, run, { attention: "decoder.layers.*.crossAttention" });
    expect(cross.map(({ attention, shape }) => [attention, ...shape])).toEqual(
      [0, 1].map((at) => [`decoder.layers.${at}.crossAttention`, 2, 2, 3]),
    );
    const [own] = (await valueZeroing(model, run, { attention: "encoder.layers.0.attention" })).layers;
    const columns = (scores: readonly number[], key: number) => [...scores].filter((_, cell) => cell % 3 === key);
    expect(columns(cross[0]!.scores, 2).map((score) => score > 0)).toEqual([true, true, false, false]);
    expect(columns(own!.scores, 2).map((score) => score > 0)).toEqual([true, true, true, false, false, false]);
    expect(columns(own!.scores, 1).every((score) => score > 0)).toBe(true);
  });
});

describe("valueZeroing that fails", () => {
  beforeAll(() => useBackend("cpu"));

  it("frees everything when the run throws, and names what is wrong", async () => {
    const { model, ids } = await loadedModel("gpt2");
    const before = memory().numTensors;
    await expect(valueZeroing(model, () => undefined)).rejects.toThrowErrorMatchingInlineSnapshot(
      `[ValueError: valueZeroing: run must be a function that applies the layers of "layers.*.attention", got no call]`,
    );
    await expect(valueZeroing(model, (watched) => [watched.apply(ids), watched.apply(ids)])).rejects.toThrowErrorMatchingInlineSnapshot(
      `[ValueError: valueZeroing: run must be a function that applies "layers.0" once, got a second call]`,
    );
    await expect(valueZeroing(model, () => undefined, { attention: "attention" })).rejects.toThrowErrorMatchingInlineSnapshot(
      `[ValueError: valueZeroing: attention must be the name of an attention in a layer, for example "layers.0.attention", got "attention"]`,
    );
    await expect(valueZeroing(model, () => undefined, { attention: "layers.*.other" })).rejects.toThrow(ValueError);
    await expect(valueZeroing(model, () => undefined, { copies: 0 })).rejects.toThrow(ValueError);
    await expect(valueZeroing(model, () => undefined, { layers: [0] } as never)).rejects.toThrow(UnknownNameError);
    const cache = use(model.createCache());
    await expect(valueZeroing(model, (watched) => watched.apply(ids, { cache }))).rejects.toThrow("uses no cache");
    expect(memory().numTensors).toBe(before);
  });
});
