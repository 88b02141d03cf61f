import { memory } from "@tensorflow/tfjs-core";
import { useBackend } from "@tfblocks/testkit";
import { beforeAll, expect, test } from "vitest";
import type { OpenModel } from "../../../models/opened-model.js";
import { readPredictions } from "../../../reading/read-predictions.js";
import type { ReadingInput } from "../../../reading/reading-input.js";
import { Run } from "../../../reading/run.js";
import { inputOf, tinyModel } from "../../../reading/testing/tiny-models.js";
import { readRandomHeads } from "./read-random-heads.js";

beforeAll(() => useBackend("wasm"));

const text = "a b c a b d e";

async function lossOf(opened: OpenModel, input: ReadingInput): Promise<number> {
  const run = new Run(opened, input);
  const { meanLoss } = await readPredictions(run, { temperature: 1, topK: 1 });
  run.dispose();
  return meanLoss!;
}

test.each([
  ["gpt2", "zero", "layers.0.attention"],
  ["gpt2", "mean", "layers.1.attention"],
  ["t5", "zero", "encoder.layers.0.attention"],
  ["t5", "mean", "decoder.layers.1.crossAttention"],
] as const)("of %s, by %s, the other heads of %s do what the edits that switch them off do", async (family, by, part) => {
  const opened = tinyModel(family);
  const plain = inputOf(family, text);
  const loss = await lossOf(opened, plain);
  const changes: number[] = [];
  for (const head of [0, 2]) {
    const edits = [{ kind: "ablate", part, heads: [head], by }] as const;
    changes.push((await lossOf(opened, { ...plain, edits })) - loss);
  }
  const run = new Run(opened, plain);
  const before = memory().numTensors;
  const seen: number[] = [];
  const found = await readRandomHeads(
    run,
    { heads: [{ attention: part, head: 1 }], by },
    async (done, total) => void seen.push(done / total),
  );
  expect(memory().numTensors).toBe(before);
  run.dispose();
  expect(found).toEqual({
    heads: 1,
    drawnFrom: "the same attentions",
    isAll: true,
    changes: {
      mean: expect.closeTo((changes[0]! + changes[1]!) / 2, 5),
      standardDeviation: expect.closeTo(Math.abs(changes[0]! - changes[1]!) / 2, 5),
      draws: 2,
    },
  });
  expect(found.changes!.standardDeviation).toBeGreaterThan(1e-4);
  expect(seen.at(-1)).toBe(1);
});
