import { Random } from "@tfblocks/tensor-utils";
import { fusedBackendNames, use, useBackend } from "@tfblocks/testkit";
import { gpt2 } from "@tfblocks/transformer/models";
import { beforeAll, expect, test } from "vitest";
import type { OpenModel } from "../models/opened-model.js";
import { readHead } from "./read-head.js";
import { readPredictions } from "./read-predictions.js";
import { Run } from "./run.js";
import { inputOf, tinyModel } from "./testing/tiny-models.js";

beforeAll(() => useBackend(fusedBackendNames[0]!));

/** Two layers of four heads, of the size of the trained models of the page. */
function twoLayers(): OpenModel {
  const opened = tinyModel("gpt2");
  const model = use(gpt2({ vocabSize: 128, maxLength: 512, dModel: 64, numHeads: 4, numLayers: 2, random: new Random(1) }));
  const [stack] = opened.info.stacks;
  return { ...opened, model, info: { ...opened.info, vocabSize: 128, maxLength: 512, stacks: [{ ...stack!, heads: 4 }] } };
}

/** Milliseconds of the processor, so that the load of the machine does not count. */
function processorTime(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
}

test.each([300, 507])("a text of %i tokens has its first head and its predictions within a second", async (length) => {
  const opened = twoLayers();
  const random = new Random(length);
  const text = Array.from({ length }, () => "abcdefghij"[random.integer(10)]).join(" ");
  const start = processorTime();
  const run = new Run(opened, inputOf("gpt2", text));
  const { map } = await readHead(run, { kind: "self", layer: 1, head: 2 });
  const { positions } = await readPredictions(run, { temperature: 1, topK: 5 });
  const took = processorTime() - start;
  run.dispose();
  expect([map.rows, map.columns, positions.length]).toEqual([length, length, length]);
  expect(took).toBeLessThan(1000);
});
