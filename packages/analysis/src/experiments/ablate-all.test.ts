import { memory, type Tensor, tensor2d } from "@tensorflow/tfjs-core";
import type { ModelFixtureName } from "@tfblocks/fixtures/models";
import { Random } from "@tfblocks/tensor-utils";
import { backendNames, countsMemory, use, useBackend } from "@tfblocks/testkit";
import { gpt2 } from "@tfblocks/transformer/models";
import { beforeAll, describe, expect, it } from "vitest";
import { ablate, ablateAll, headsOf, lossChange, tokenLosses, type TokenLossOptions } from "../models.js";
import { batchOf, golden, type Golden } from "../testing/golden-batch.js";
import { zeroHead } from "../testing/zero-head.js";

const sizes = { vocabSize: 13, maxLength: 16, dModel: 24, numHeads: 3, numLayers: 3 };

// Emulated graphics take a minute for what their backends show in smaller tests.
describe.each(backendNames.filter(countsMemory))("ablateAll on %s", (backend) => {
  beforeAll(() => useBackend(backend));

  it("measures the same as one ablation at a time, without a leak", async () => {
    const model = use(gpt2({ ...sizes, random: new Random(3) }));
    const ids = use(tensor2d([[1, 2, 3, 4, 5, 1, 2, 3, 4, 5]], [1, 10], "int32")) as Tensor;
    const before = memory().numTensors;
    const seen: number[] = [];
    const result = await ablateAll(model, (each) => tokenLosses(each, ids), { onProgress: (done) => void seen.push(done) });
    expect(memory().numTensors).toBe(before);
    expect(seen).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9]);
    expect(JSON.parse(JSON.stringify(result))).toEqual(result);
    for (const { attention, head, change, tokenChanges } of result.heads) {
      const alone = await lossChange(model, [ablate(headsOf(attention, head))], ids);
      expect(change).toBeCloseTo(alone.mean!, 6);
      for (const [at, each] of alone.changes[0]!.entries()) expect(tokenChanges[0]![at]).toBeCloseTo(each!, 5);
    }
    expect(result.heads.some(({ change }) => Math.abs(change!) > 1e-4)).toBe(true);
  });
});

const families: ModelFixtureName[] = ["gpt2", "llama-default", "gemma2", "gpt-neox", "bert-masked-lm", "t5-relu"];

/** The losses of the unpadded batch of a fixture; of BERT, where every third token is to be predicted. */
async function losses(loaded: Golden): Promise<(model: Golden["model"]) => ReturnType<typeof tokenLosses>> {
  const { ids, options } = await batchOf(loaded, "unpadded");
  const [batch, length] = ids.shape as [number, number];
  const wanted = Array.from({ length: batch }, (_, row) => Array.from({ length }, (_other, at) => (at % 3 === 1 ? row + at : -100)));
  const targets = loaded.fixture.case.name.startsWith("bert") ? { targets: use(tensor2d(wanted, undefined, "int32")) } : {};
  const all: TokenLossOptions = { ...options, ...targets };
  return (model) => tokenLosses(model, ids, all);
}

describe("ablateAll of every family", () => {
  beforeAll(() => useBackend("cpu"));

  it.each(families)("equals zeros in the weights: %s", async (name) => {
    const loaded = await golden(name);
    const loss = await losses(loaded);
    const before = memory().numTensors;
    const { heads, loss: plain } = await ablateAll(loaded.model, loss);
    expect(memory().numTensors).toBe(before);
    const numHeads = heads.filter(({ attention }) => attention === heads[0]!.attention).length;
    for (const { attention, head, change } of heads) {
      const { model } = await golden(name);
      zeroHead(model, attention, head, numHeads);
      expect(Math.abs((await loss(model)).mean! - plain! - change!)).toBeLessThan(1e-6);
    }
    expect(heads.every(({ change }) => Math.abs(change!) > 1e-6)).toBe(true);
    expect((await loss(loaded.model)).mean).toBe(plain);
  });
});
