import { use, useBackend } from "@tfblocks/testkit";
import { gpt2 } from "@tfblocks/transformer/models";
import { beforeAll, expect, it } from "vitest";
import { analyzeText } from "../models.js";

beforeAll(() => useBackend("wasm fused plain, 1 thread"));

it("limits the positions of the lens, and says from which one on it reads", async () => {
  const model = use(gpt2({ vocabSize: 3, maxLength: 400, dModel: 2, numHeads: 1, numLayers: 31 }));
  const ids = Array.from({ length: 300 }, (_, at) => at % 3);
  const { lens, notes } = await analyzeText(model, { text: { ids, tokens: ids.map(String) } });
  expect(lens!.positions.map((cells) => cells.length)).toEqual(Array.from({ length: 32 }, () => 256)); // 2^13 / 32
  expect(lens!.positions[0]![0]!.token).toBe(String(ids[44]));
  expect(notes).toEqual(["The predictions of layers are shown from position 44 on, to save time and space."]);
});
