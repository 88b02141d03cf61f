import { tensor2d } from "@tensorflow/tfjs-core";
import { Random } from "@tfblocks/tensor-utils";
import { use, useBackend } from "@tfblocks/testkit";
import { gpt2 } from "@tfblocks/transformer/models";
import { beforeAll, expect, it } from "vitest";
import { analyzeText, measureAttention, watchAttention } from "../models.js";

beforeAll(() => useBackend("cpu"));

const keys = { ids: [1, 2, 3, 4, 1, 2, 3, 4], tokens: Array.from("a,cda,cd") };

function watch() {
  const model = use(gpt2({ vocabSize: 9, maxLength: 8, dModel: 12, numHeads: 3, numLayers: 2, random: new Random(3) }));
  const ids = use(tensor2d([keys.ids], [1, 8], "int32"));
  return { model, watched: use(watchAttention(model, (each) => use(each.apply(ids)).logits)) };
}

it("measures what a report tells, and hands out the maps of each block", async () => {
  const { model, watched } = watch();
  const { layers } = await analyzeText(model, { text: keys });
  const [measured, starts]: [unknown[], number[]] = [[], []];
  for (const part of watched.parts) {
    const heads = await measureAttention(watched, part, { keys, onRows: async (maps, start) => void starts.push(start, maps.queryLength) });
    measured.push(heads);
  }
  expect(measured).toEqual(layers.map(({ heads }) => heads.map(({ head, metrics, labels }) => ({ head, metrics, labels }))));
  expect(starts).toEqual([0, 8, 0, 8]);
});

it("leaves out what needs positions in cross-attention", async () => {
  const { watched } = watch();
  const [head] = await measureAttention(watched, "layers.0.attention", { keys, isCross: true, isDelimiter: (token) => token === "d" });
  expect(head!.labels).toEqual([]);
  expect(head!.metrics.map(({ name }) => name)).toEqual(["firstTokenMass", "delimiterMass", "entropy", "normalizedEntropy", "confidence"]);
});

it("ends with what onRows throws, and refuses other tokens", async () => {
  const { watched } = watch();
  const stop = new Error("stop");
  const onRows = () => Promise.reject(stop);
  await expect(measureAttention(watched, "layers.0.attention", { keys, onRows })).rejects.toBe(stop);
  const short = { ids: [1], tokens: ["a"] };
  await expect(measureAttention(watched, "layers.0.attention", { keys: short })).rejects.toThrow(
    "measureAttention: keys must be 8 ids and tokens, one for each key, got 1 and 1",
  );
  await expect(measureAttention(watched, "layers.0.attention", {} as never)).rejects.toThrow("keys must be a text { ids, tokens }");
  await expect(measureAttention(watched, "layers.9.attention", { keys })).rejects.toThrow("part must be one of");
});
