import { memory, slice, type Tensor } from "@tensorflow/tfjs-core";
import type { MultiHeadAttention, MultiHeadAttentionSizes } from "@tfblocks/attention";
import { GrowingCache } from "@tfblocks/attention/caches";
import { causal } from "@tfblocks/masks";
import { Random } from "@tfblocks/tensor-utils";
import { checkGradients, expectClose, randomTensor, use, useBackend } from "@tfblocks/testkit";
import { t5 } from "@tfblocks/transformer/models";
import { beforeAll, describe, expect, it } from "vitest";
import { freezeAttention, headsOf, outputOf, scale, withEdits } from "../models.js";
import { alone } from "../testing/alone.js";
import { tinyModel, tokens } from "../testing/tiny-model.js";

const close = { atol: 1e-6, rtol: 1e-5 };

const cases: [string, Partial<MultiHeadAttentionSizes>][] = [
  ["one head", { numHeads: 1 }],
  ["grouped heads", { numKvHeads: 2, valueDim: 3 }],
  ["one key-value head", { numKvHeads: 1 }],
  ["a learned key", { addBiasKv: true, numKvHeads: 2 }],
  ["a sink", { learnedSink: true }],
];

describe.each(["cpu", "wasm", "wasm fused plain, 1 thread", "wasm fused plain, 2 threads"] as const)("freezeAttention on %s", (backend) => {
  beforeAll(() => useBackend(backend));

  it.each(cases)("with the weights of the call changes nothing, with %s", async (_, sizes) => {
    const model = alone(sizes);
    const x = randomTensor([2, 5, 8], 1);
    const { output, weights } = use(model.attention.apply(x, x, x, { mask: causal() }));
    const { attention } = withEdits(model, [freezeAttention("attention", weights)]);
    const frozen = use(attention.apply(x, x, x, { mask: causal() }));
    await expectClose(frozen.output, output, close);
    await expectClose(frozen.weights, weights, { atol: 0, rtol: 0 });
    const [cache, first, rest] = [use(new GrowingCache()), use(slice(x, [0, 0, 0], [2, 3, 8])), use(slice(x, [0, 3, 0], [2, 2, 8]))];
    use(model.attention.apply(first, first, first, { cache, mask: causal() }));
    const last = use(withEdits(model, [freezeAttention("attention", use(slice(weights, [0, 0, 3, 0], [-1, -1, 2, -1])))]));
    const continued = use(last.attention.apply(rest, rest, rest, { cache, needWeights: false }));
    await expectClose(continued.output, use(slice(output, [0, 3, 0], [2, 2, 8])), close);
    expect(cache.length).toBe(5);
  });

  it("is differentiable in the values and the weights", async () => {
    const model = alone({ numKvHeads: 2 });
    const [x, weights] = [randomTensor([2, 3, 8], 1), randomTensor([2, 4, 3, 3], 2)];
    const run = (input: Tensor, at: Tensor) =>
      withEdits(model, [freezeAttention("attention", at)]).attention.apply(input, input, input, { needWeights: false }).output;
    await checkGradients((input, at) => run(input!, at!), [x, weights]);
  });
});

describe("freezeAttention in a model", () => {
  beforeAll(() => useBackend("cpu"));

  it("keeps each attention of an encoder-decoder, and the results of other edits of it", async () => {
    const model = use(t5({ vocabSize: 11, dModel: 8, numLayers: 2, numHeads: 2, headDim: 4, hiddenDim: 12, random: new Random(1) }));
    const [source, target] = [tokens([1, 2, 3, 4]), tokens([0, 5, 6])];
    const { logits, crossWeights } = use(model.apply(source, target, { needWeights: true }));
    const weights = Object.fromEntries(crossWeights!.map((each, layer) => [`decoder.layers.${layer}.crossAttention`, each]));
    const frozen = freezeAttention("decoder.layers.*.crossAttention", weights);
    await expectClose(use(withEdits(model, [frozen]).apply(source, target)).logits, logits, close);
    const halved = scale(outputOf("decoder.layers.1.crossAttention"), 0.5);
    const both = use(withEdits(model, [halved, frozen]).apply(source, target)).logits;
    await expectClose(both, use(withEdits(model, [halved]).apply(source, target)).logits, close);
    await expect(expectClose(both, logits, { atol: 1e-4, rtol: 0 })).rejects.toThrow(/^tensor\[/);
  });

  it("refuses other sizes, other parts and calls for scores, and frees what it made", () => {
    const [model, weights] = [tinyModel(), randomTensor([1, 3, 4, 4], 1)];
    const x = randomTensor([1, 4, 12], 1);
    const attention = withEdits(model, [freezeAttention("layers.0.attention", weights)]).stack.layers[0] as never as {
      attention: MultiHeadAttention;
    };
    const count = memory().numTensors;
    const run = (part: string) => () => withEdits(model, [freezeAttention(part, weights)]).apply(tokens([1, 2]));
    expect(run("layers.0.attention")).toThrowErrorMatchingInlineSnapshot(
      `[ShapeError: freezeAttention: weights for "layers.0.attention" must be [batch, heads, queryLength, keyLength] = [1, 3, 2, 2], got [1, 3, 4, 4]]`,
    );
    expect(run("layers.0.feedForward")).toThrowErrorMatchingInlineSnapshot(
      `[ValueError: freezeAttention: "layers.0.feedForward" must be a MultiHeadAttention, got an object; for example "layers.0.attention"]`,
    );
    expect(() => freezeAttention(headsOf("layers.0.attention") as never, weights)).toThrow(
      "freezeAttention: part must be the name of a part",
    );
    expect(() => attention.attention.apply(x, x, x, { needLogSumExp: true })).toThrowErrorMatchingInlineSnapshot(
      `[ValueError: freezeAttention: taps and needLogSumExp of "layers.0.attention" must be left out, got one of them; frozen weights have no scores]`,
    );
    expect(memory().numTensors).toBe(count + 1); // the ids
  });
});
