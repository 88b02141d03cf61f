import { slice, type Tensor } from "@tensorflow/tfjs-core";
import type { ModelFixtureName } from "@tfblocks/fixtures/models";
import { expectClose, use, useBackend } from "@tfblocks/testkit";
import { EncoderDecoder, type ModelCache } from "@tfblocks/transformer";
import { beforeAll, describe, expect, it } from "vitest";
import { ablate, headsOf, inputOf, keysOf, outputOf, queriesOf, scale, valuesOf, withEdits } from "../models.js";
import { type GoldenModel, goldenIds, goldenModel } from "../testing/golden-batch.js";

const families: ModelFixtureName[] = ["gpt2", "llama-default", "gemma2", "gpt-neox", "t5-relu"];

/** Edits of every place that a cache has to do with. */
function edited(model: GoldenModel): GoldenModel {
  const isPair = model instanceof EncoderDecoder;
  const layers = isPair ? "decoder.layers" : "layers";
  const attention = `${layers}.0.attention`;
  const cross = `${layers}.1.crossAttention`;
  const edits = [
    ablate(headsOf(attention, 1)),
    scale(queriesOf(attention), 1.5),
    scale(keysOf(`${layers}.1.attention`, 0), -1),
    scale(valuesOf(`${layers}.1.attention`, 0), 2),
    scale(inputOf(`${layers}.1`), 0.5),
    scale(outputOf(`${layers}.1.feedForward`), 2),
  ];
  const ofCross = [scale(inputOf(cross), 2), ablate(headsOf(cross, 0)), scale(keysOf(cross), 3), scale(outputOf(cross), 2)];
  return withEdits<EncoderDecoder>(model as EncoderDecoder, isPair ? [...edits, ...ofCross] : edits);
}

/** The logits of a text, read at once or token by token. */
function logitsOf(model: GoldenModel, ids: Tensor, cache?: ModelCache): Tensor {
  if (!(model instanceof EncoderDecoder)) return use(model.apply(ids, { cache })).logits;
  return use(model.decode(ids, memoryOf(model), { cache })).logits;
}

const memories = new WeakMap<object, Tensor>();

/** One tensor for each model: a cache projects it once. */
function memoryOf(model: EncoderDecoder): Tensor {
  const memory = memories.get(model) ?? use(model.encode(goldenIds())).output;
  memories.set(model, memory);
  return memory;
}

const onCpu = new Map<string, Float32Array>();

describe.each(["cpu", "wasm", "wasm fused plain, 1 thread", "wasm fused plain, 2 threads"] as const)("an edited model on %s", (backend) => {
  beforeAll(() => useBackend(backend));

  it.each(families)("of %s decodes with a cache what it computes at once", async (name) => {
    const model = await goldenModel(name);
    const [changed, ids] = [edited(model), goldenIds()];
    const cache = use(changed.createCache());
    const whole = logitsOf(changed, ids);
    for (let at = 0; at < 6; at++) {
      const step = logitsOf(changed, use(slice(ids, [0, at], [2, 1])), cache);
      const [, , width] = whole.shape as [number, number, number];
      await expectClose(step, use(slice(whole, [0, at, 0], [2, 1, width])), { atol: 1e-4, rtol: 1e-4 }, `token ${at}`);
    }
    await expect(expectClose(whole, logitsOf(model, ids), { atol: 1e-3, rtol: 0 })).rejects.toThrow(/^tensor\[/);
    if (backend === "cpu") onCpu.set(name, (await whole.data()).slice() as Float32Array);
    await expectClose(whole, { shape: whole.shape, data: onCpu.get(name)! }, { atol: 1e-4, rtol: 1e-4 });
  });
});
