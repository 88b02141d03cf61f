import { tensor2d } from "@tensorflow/tfjs-core";
import { probe, replaceParts } from "@tfblocks/tensor-utils";
import { use, useBackend } from "@tfblocks/testkit";
import type { LanguageModel, TiedHead } from "@tfblocks/transformer";
import { gpt2 } from "@tfblocks/transformer/models";
import { beforeAll, expect, it } from "vitest";
import { attributeLogits, logitLens, tokenLosses } from "../models.js";

beforeAll(() => useBackend("cpu"));

it("large vocabularies: the head meets a few rows at a time", async () => {
  const [vocabSize, length] = [300_000, 30];
  const plain = use(gpt2({ vocabSize, maxLength: length, dModel: 2, numHeads: 1, numLayers: 1 }));
  const rows: number[] = [];
  const watched = replaceParts<LanguageModel, TiedHead>(plain, "head", (head) =>
    probe(head, ({ output }) => void rows.push(output.shape[1]!)),
  );
  const ids = use(tensor2d([Array.from({ length }, (_, at) => at)], [1, length], "int32"));
  expect((await tokenLosses(watched, ids)).mean).toBeCloseTo(Math.log(vocabSize), 1);
  expect((await logitLens(watched, ids, { topK: 1, at: [0, 29] })).layers.length).toBe(2);
  const attributions = await attributeLogits(watched, ids, { token: vocabSize - 1, at: Array.from({ length }, (_, at) => at) });
  expect(attributions.length).toBe(length);
  expect(rows.reduce((sum, each) => sum + each, 0)).toBe(length - 1 + 2 * 2 + length);
  expect(Math.max(...rows) * vocabSize).toBeLessThanOrEqual(2 ** 23);
});
