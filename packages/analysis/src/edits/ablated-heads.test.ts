import type { Tensor } from "@tensorflow/tfjs-core";
import type { ModelFixtureName } from "@tfblocks/fixtures/models";
import { expectClose, use, useBackend } from "@tfblocks/testkit";
import { EncoderDecoder } from "@tfblocks/transformer";
import { beforeAll, describe, expect, it } from "vitest";
import { ablate, attentionsOf, headsOf, withEdits } from "../models.js";
import { type GoldenModel, goldenIds, goldenModel } from "../testing/golden-batch.js";
import { zeroHead } from "../testing/zero-head.js";

const families: ModelFixtureName[] = ["gpt2", "llama-default", "gemma2", "gpt-neox", "bert-masked-lm", "t5-relu", "olmo2"];

function logitsOf(model: GoldenModel): Tensor {
  const ids = goldenIds();
  return use(model instanceof EncoderDecoder ? model.apply(ids, ids) : model.apply(ids)).logits;
}

describe.each(["cpu", "wasm fused plain, 1 thread"] as const)("the ablation of a head on %s", (backend) => {
  beforeAll(() => useBackend(backend));

  it.each(families)("of %s equals zeros in the weight of its output projection", async (name) => {
    const model = await goldenModel(name);
    const plain = logitsOf(model);
    for (const { name: attention, attention: part } of attentionsOf(model)) {
      const head = part.numHeads - 1;
      const ablated = logitsOf(use(withEdits(model, [ablate(headsOf(attention, head))])));
      const changed = await goldenModel(name);
      zeroHead(changed, attention, head, part.numHeads);
      await expectClose(ablated, logitsOf(changed), { atol: 1e-6, rtol: 1e-6 }, attention);
      await expect(expectClose(ablated, plain, { atol: 1e-5, rtol: 0 })).rejects.toThrow(/^tensor\[/);
    }
    await expectClose(logitsOf(model), plain, { atol: 0, rtol: 0 });
  });
});
