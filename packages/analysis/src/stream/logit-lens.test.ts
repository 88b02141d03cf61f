import { memory, tensor2d } from "@tensorflow/tfjs-core";
import { analysisStreamFixture } from "@tfblocks/fixtures/analysis-stream";
import { fusedBackendNames, use, useBackend } from "@tfblocks/testkit";
import { gpt2 } from "@tfblocks/transformer/models";
import { beforeAll, describe, expect, it } from "vitest";
import { type LensReading, logitLens, tokenLosses } from "../models.js";
import { batchOf, golden } from "../testing/golden-batch.js";
import { rowBlocks } from "./readout.js";

const cases = analysisStreamFixture.lens.map(({ name, layers }) => [name, layers] as const);

describe.each(["cpu", fusedBackendNames[0]!] as const)("logitLens on %s", (backend) => {
  beforeAll(() => useBackend(backend));

  it.each(cases)("%s: as PyTorch reads the hidden states of transformers", async (name, expected) => {
    const loaded = await golden(name);
    const { ids, options } = await batchOf(loaded, "unpadded");
    const before = memory().numTensors;
    const { layers, at } = await logitLens(loaded.model, ids, { ...options, topK: 3 });
    expect(memory().numTensors).toBe(before);
    expect(at).toEqual(Array.from({ length: ids.shape[1]! }, (_, position) => position));
    expect(layers.length).toBe(expected.length);
    for (const [layer, rows] of layers.entries()) {
      expect(rows.length).toBe(ids.shape[0]);
      rows[0]!.forEach((reading, position) => {
        const { entropy, top, target, klFromFinal } = expected[layer]![position]!;
        expect(reading!.entropy).toBeCloseTo(entropy, 4);
        expect(reading!.klFromFinal).toBeCloseTo(klFromFinal, 4);
        expect(reading!.top.map(({ token }) => token)).toEqual(top.map(([token]) => token));
        reading!.top.forEach(({ probability }, index) => expect(probability).toBeCloseTo(top[index]![1], 5));
        expect([reading!.target?.token, reading!.target?.rank]).toEqual([target?.[0], target?.[2]]);
        expect(reading!.target?.logProb ?? 0).toBeCloseTo(target?.[1] ?? 0, 4);
      });
    }
  });

  it("reads nothing at padding, and the same as without it elsewhere", async () => {
    const loaded = await golden("llama-default");
    const [plain, padded] = [await batchOf(loaded, "unpadded"), await batchOf(loaded, "rightPadded")];
    const whole = await logitLens(loaded.model, plain.ids, plain.options);
    const partly = await logitLens(loaded.model, padded.ids, padded.options);
    const keep = loaded.fixture.case.inputs.rightPadded.attention_mask;
    partly.layers.forEach((rows, layer) =>
      rows.forEach((row, batch) =>
        row.forEach((reading, position) => {
          expect(reading !== null).toBe(keep[batch]![position] === 1);
          expect(reading?.entropy ?? 0).toBeCloseTo(reading === null ? 0 : whole.layers[layer]![batch]![position]!.entropy, 4);
        }),
      ),
    );
  });
});

const model = () => use(gpt2({ vocabSize: 11, maxLength: 8, dModel: 12, numHeads: 3, numLayers: 2 }));
const ids = (rows: number[][]) => use(tensor2d(rows, [rows.length, rows[0]!.length], "int32"));

describe("the progress of logitLens", () => {
  beforeAll(() => useBackend("cpu"));

  it("tells its progress, and ends with what onProgress throws, when nothing is left behind", async () => {
    const [network, text] = [model(), ids([[1, 2, 3, 4]])];
    const calls: number[][] = [];
    await logitLens(network, text, { onProgress: async (done, total) => void calls.push([done, total]) });
    expect(calls).toEqual([1, 2, 3].map((done) => [done, 3]));
    const stop = new Error("stop");
    const before = memory().numTensors;
    await expect(logitLens(network, text, { onProgress: () => Promise.reject(stop) })).rejects.toBe(stop);
    expect(memory().numTensors).toBe(before);
    await expect(logitLens(network, text, { onProgress: 1 as never })).rejects.toThrow("logitLens: onProgress must be a function, got 1");
  });
});

describe("logitLens", () => {
  beforeAll(() => useBackend("cpu"));

  it("ends with the losses of the model, and reads chosen positions only", async () => {
    const [network, text] = [model(), ids([[1, 2, 3, 4]])];
    const { losses } = await tokenLosses(network, text);
    const { layers, at } = await logitLens(network, text, { at: [2, 0], topK: 11 });
    const last = layers.at(-1)![0] as readonly LensReading[];
    expect(at).toEqual([2, 0]);
    expect(last.map(({ target }) => -target!.logProb)).toEqual([2, 0].map((position) => expect.closeTo(losses[0]![position]!, 6)));
    expect(last.map(({ klFromFinal }) => klFromFinal)).toEqual([0, 0]);
    expect(last[0]!.top.reduce((sum, { probability }) => sum + probability, 0)).toBeCloseTo(1, 6);
    expect(last[0]!.top[last[0]!.target!.rank - 1]!.token).toBe(4);
  });

  it("without the norm, reads the stream as it is, and the same at the end", async () => {
    const [network, text] = [model(), ids([[5]])];
    const [normal, raw] = [await logitLens(network, text), await logitLens(network, text, { normalize: false })];
    expect(raw.layers[2]).toEqual(normal.layers[2]);
    expect(raw.layers[0]![0]![0]!.entropy).toBeGreaterThan(normal.layers[0]![0]![0]!.entropy); // embeddings are small before the norm
    expect(normal.layers[0]![0]![0]!.target).toBe(null); // one token has no next one
  });

  it("splits rows into blocks of bounded size", () => {
    expect(rowBlocks([4, 5, 6, 7, 8], 100_000, 200_000)).toEqual([[4, 5], [6, 7], [8]]);
    expect(rowBlocks([1, 2], 2 ** 30)).toEqual([[1], [2]]);
    expect(rowBlocks([], 10)).toEqual([]);
  });

  it.each([
    ["a position beyond the text", { at: 2 }, "at must be an integer from 0 to 1, got 2"],
    ["more tokens than there are", { topK: 12 }, "topK must be an integer from 0 to 11, got 12"],
    ["an unknown option", { layers: [1] }, 'unknown option "layers"'],
  ])("refuses %s", async (_title, options: object, message) => {
    const [network, text] = [model(), ids([[1, 2]])];
    const before = memory().numTensors;
    await expect(logitLens(network, text, options)).rejects.toThrow(`logitLens: ${message}`);
    expect(memory().numTensors).toBe(before);
  });
});
