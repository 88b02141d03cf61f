import { slice, type Tensor } from "@tensorflow/tfjs-core";
import type { ModelFixtureName } from "@tfblocks/fixtures/models";
import { padding } from "@tfblocks/masks";
import { expectClose, randomTensor, use, useBackend } from "@tfblocks/testkit";
import { EncoderDecoder } from "@tfblocks/transformer";
import { beforeAll, describe, expect, it } from "vitest";
import { headsOf, queriesOf, scale, steer, atPositions, watchAttention, withEdits } from "../models.js";
import { type GoldenModel, goldenIds, goldenModel } from "../testing/golden-batch.js";

const families: ModelFixtureName[] = [
  "gpt2",
  "llama-default",
  "gemma2",
  "gemma3",
  "phi3-long",
  "gpt-neox",
  "bert-masked-lm",
  "t5-relu",
  "olmo2",
  "qwen3",
];

/** Logits, and every attention's weights by name. */
function run(model: GoldenModel, ids: Tensor, needWeights: boolean): { logits: Tensor; weights: Record<string, Tensor> } {
  const mask = padding({ lengths: [6, 4] });
  if (!(model instanceof EncoderDecoder)) {
    const { logits, weights = [] } = model.apply(ids, { mask, needWeights });
    return { logits, weights: named("layers.*.attention", weights) };
  }
  const { logits, weights = [], crossWeights = [], encoder } = model.apply(ids, ids, { sourceMask: mask, needWeights });
  encoder.output.dispose();
  const decoder = { ...named("decoder.layers.*.attention", weights), ...named("decoder.layers.*.crossAttention", crossWeights) };
  return { logits, weights: { ...named("encoder.layers.*.attention", encoder.weights ?? []), ...decoder } };
}

function named(pattern: string, tensors: readonly Tensor[]): Record<string, Tensor> {
  return Object.fromEntries(tensors.map((each, layer) => [pattern.replace("*", `${layer}`), each]));
}

describe.each(["cpu", "wasm", "wasm fused plain, 1 thread", "wasm fused plain, 2 threads"] as const)("watchAttention on %s", (backend) => {
  beforeAll(() => useBackend(backend));

  it.each(families)("computes the weights of %s again, all and in blocks", async (name) => {
    const [model, ids] = [await goldenModel(name), goldenIds()];
    const { logits, weights } = use(run(model, ids, true));
    const watched = use(watchAttention(model, (each) => run(each, ids, false)));
    await expectClose(use(watched.result).logits, use(run(model, ids, false)).logits, { atol: 0, rtol: 0 });
    expect(watched.parts.toSorted()).toEqual(Object.keys(weights).toSorted());
    for (const [part, expected] of Object.entries(weights)) {
      await expectClose(watched.weights(part), expected, { atol: 1e-6, rtol: 0 }, part);
      const [batch, heads, , keys] = expected.shape as [number, number, number, number];
      const rows = use(slice(expected, [0, 0, 2, 0], [batch, heads, 3, keys]));
      await expectClose(watched.weights(part, 2, 5), rows, { atol: 1e-6, rtol: 0 }, part);
    }
    await expectClose(logits, use(run(model, ids, false)).logits, { atol: 1e-4, rtol: 1e-4 });
  });
});

describe("watchAttention of an edited model", () => {
  beforeAll(() => useBackend("cpu"));

  it("tells the weights of the edited model, whatever the edits", async () => {
    const [model, ids] = [await goldenModel("llama-default"), goldenIds()];
    const part = "layers.1.attention";
    const width = model.parameters()[`${part}.query.weight`]!.shape[0]!;
    const edits = [
      scale(headsOf("layers.0.attention", 1), 0),
      steer(atPositions(queriesOf(part), 4), randomTensor([width], 1)),
      scale(queriesOf(part, 0), 2),
    ];
    const edited = withEdits(model, edits) as GoldenModel;
    const expected = use(run(edited, ids, true)).weights[part]!;
    const watched = use(watchAttention(edited, (each) => use(run(each, ids, false)), { attention: part }));
    await expectClose(watched.weights(part), expected, { atol: 1e-6, rtol: 0 });
    await expectClose(watched.weights(part, 3, 5), use(slice(expected, [0, 0, 3, 0], [-1, -1, 2, -1])), { atol: 1e-6, rtol: 0 });
    const within = use(
      watchAttention(model, (each) => use(run(withEdits(each as typeof model, edits) as GoldenModel, ids, false)), { attention: part }),
    );
    await expectClose(within.weights(part), expected, { atol: 1e-6, rtol: 0 });
    const plain = use(run(model, ids, true)).weights[part]!;
    await expect(expectClose(watched.weights(part), plain, { atol: 1e-4, rtol: 0 })).rejects.toThrow(/^tensor\[/);
  });
});

describe("watchAttention of a decoder with caches", () => {
  beforeAll(() => useBackend("cpu"));

  it("tells what the last token attends to, in the text and in the memory", async () => {
    const [model, ids] = [(await goldenModel("t5-relu")) as EncoderDecoder, goldenIds()];
    const memory = use(model.encode(ids)).output;
    const whole = use(model.decode(ids, memory, { needWeights: true }));
    const cache = use(model.createCache());
    for (const [start, size] of [
      [0, 3],
      [3, 2],
      [5, 1],
    ] as const) {
      const step = use(slice(ids, [0, start], [2, size]));
      const watched = use(watchAttention(model, (each) => use(each.decode(step, memory, { cache }))));
      for (const [layer, weights] of whole.weights!.entries()) {
        const rows = use(slice(weights, [0, 0, start, 0], [-1, -1, size, start + size]));
        await expectClose(watched.weights(`decoder.layers.${layer}.attention`), rows, { atol: 1e-6, rtol: 0 });
        const cross = use(slice(whole.crossWeights![layer]!, [0, 0, start, 0], [-1, -1, size, -1]));
        await expectClose(watched.weights(`decoder.layers.${layer}.crossAttention`), cross, { atol: 1e-6, rtol: 0 });
      }
      const own = await watched.maps("decoder.layers.0.attention");
      expect([own.queryOffset, own.keyLength]).toEqual([start, start + size]);
    }
  });
});
