import { gather, memory, tensor2d } from "@tensorflow/tfjs-core";
import { use, useBackend } from "@tfblocks/testkit";
import type { LanguageModel } from "@tfblocks/transformer";
import { gpt2 } from "@tfblocks/transformer/models";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type AttributionOptions, attributeLogits, type LogitAttribution } from "../models.js";
import { batchOf, golden } from "../testing/golden-batch.js";

let model: LanguageModel;
beforeAll(async () => {
  await useBackend("cpu");
  model = gpt2({ vocabSize: 11, maxLength: 8, dModel: 12, numHeads: 3, numLayers: 2 });
});
afterAll(() => model.dispose());

const idsOf = (rows: number[][]) => use(tensor2d(rows, [rows.length, rows[0]!.length], "int32"));
const valueOf = ({ components }: LogitAttribution, name: string) => components.find((each) => each.name === name)?.value;

const refusals: readonly [string, AttributionOptions | object, string][] = [
  ["a token outside the vocabulary", { token: 11 }, "token must be an integer from 0 to 10, got 11"],
  ["no token", {}, "token must be a token id, or ids [rows][positions] = [1][1], got undefined"],
  ["tokens for other positions", { token: [[1, 2]] }, "token must be a token id, or ids [rows][positions] = [1][1]"],
  ["a position beyond the text", { token: 1, at: 2 }, "at must be an integer from 0 to 1, got 2"],
  ["groups of no neurons", { token: 1, neuronGroup: 0 }, "neuronGroup must be an integer >= 1, got 0"],
  ["an unknown option", { token: 1, position: 0 }, 'unknown option "position"'],
];

describe("attributeLogits", () => {
  it("labels heads and groups of neurons", async () => {
    const [whole] = await attributeLogits(model, idsOf([[1, 2, 3]]), { token: 4 });
    const [split] = await attributeLogits(model, idsOf([[1, 2, 3]]), { token: 4, neuronGroup: 20 });
    const groups = split!.components.filter(({ kind, layer }) => kind === "neurons" && layer === 1);
    expect(groups.map(({ name }) => name)).toEqual([
      "layers.1.feedForward[0–19]",
      "layers.1.feedForward[20–39]",
      "layers.1.feedForward[40–47]",
    ]);
    expect(groups.reduce((sum, { value }) => sum + value, 0)).toBeCloseTo(valueOf(whole!, "layers.1.feedForward")!, 6);
    expect(whole!.components.find(({ name }) => name === "L1·H2")).toMatchObject({
      kind: "head",
      part: "layers.1.attention",
      layer: 1,
      head: 2,
      neurons: null,
    });
    expect(JSON.parse(JSON.stringify(whole))).toEqual(whole);
  });

  it("accumulates by layer: each entry adds what one layer adds", async () => {
    const [{ cumulative, components }] = (await attributeLogits(model, idsOf([[1, 2, 3]]), { token: 4, at: 1 })) as [LogitAttribution];
    const ofLayer = (wanted: number | null) =>
      components.filter(({ layer }) => layer === wanted).reduce((sum, { value }) => sum + value, 0);
    expect(cumulative.length).toBe(3);
    expect(cumulative[0]).toBeCloseTo(ofLayer(null), 10);
    expect(cumulative[1]! - cumulative[0]!).toBeCloseTo(ofLayer(0), 10);
    expect(cumulative[2]! - cumulative[1]!).toBeCloseTo(ofLayer(1), 10);
  });
});

describe("attributeLogits of other inputs and weights", () => {
  it("reads rows that are padded on the left", async () => {
    const loaded = await golden("gpt2");
    const { ids, options, logits } = await batchOf(loaded, "leftPadded");
    const attributions = await attributeLogits(loaded.model, ids, { ...options, token: [[3], [4], [5]] });
    expect(attributions.map(({ row, position, token }) => [row, position, token])).toEqual([
      [0, 10, 3],
      [1, 10, 4],
      [2, 10, 5],
    ]);
    for (const { row, position, token, sum } of attributions) expect(Math.abs(sum - logits[row]![position]![token]!)).toBeLessThan(1e-4);
  });

  it("permuting the heads of a layer permutes their components", async () => {
    const permuted = use(gpt2({ vocabSize: 11, maxLength: 8, dModel: 12, numHeads: 3, numLayers: 2 }));
    const order = [8, 9, 10, 11, 0, 1, 2, 3, 4, 5, 6, 7]; // head 0 computes what head 2 did, 1 what 0 did, 2 what 1 did
    for (const [name, parameter] of Object.entries(permuted.parameters())) {
      const axis = name.startsWith("layers.1.attention.output.weight") ? 1 : 0;
      const isPermuted = axis === 1 || /layers.1.attention.(query|key|value)/.test(name);
      if (isPermuted) parameter.assign(use(gather(parameter, order, axis)));
    }
    const ids = idsOf([[1, 2, 3]]);
    const [plain, other] = [await attributeLogits(model, ids, { token: 4 }), await attributeLogits(permuted, ids, { token: 4 })];
    const heads = ["L1·H0", "L1·H1", "L1·H2"];
    const expected = ["L1·H2", "L1·H0", "L1·H1"].map((name) => expect.closeTo(valueOf(plain[0]!, name)!, 6) as number);
    expect(heads.map((name) => valueOf(other[0]!, name))).toEqual(expected);
    expect(new Set(heads.map((name) => valueOf(plain[0]!, name)!.toFixed(4))).size).toBe(3);
  });

  it("reads one token", async () => {
    const ids = idsOf([[7]]);
    const [attribution] = await attributeLogits(model, ids, { token: 0 });
    expect(attribution!.sum).toBeCloseTo((await use(model.apply(ids)).logits.data())[0]!, 5);
  });
});

describe("attributeLogits refuses", () => {
  it.each(refusals)("%s", async (_title, options, message) => {
    const ids = idsOf([[1, 2]]);
    const before = memory().numTensors;
    await expect(attributeLogits(model, ids, options as AttributionOptions)).rejects.toThrow(`attributeLogits: ${message}`);
    expect(memory().numTensors).toBe(before);
  });

  it("padding, and a model without head", async () => {
    const loaded = await golden("gpt2");
    const { ids, options } = await batchOf(loaded, "rightPadded");
    await expect(attributeLogits(loaded.model, ids, { ...options, token: 1 })).rejects.toThrow(
      /at must be tokens, not padding, got position 10/,
    );
    const bare = (await golden("distilbert-bare")).model;
    await expect(attributeLogits(bare, idsOf([[1]]), { token: 1 })).rejects.toThrow("model must be a model with a head");
  });
});
