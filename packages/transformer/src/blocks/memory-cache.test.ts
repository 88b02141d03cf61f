import { dispose, reshape, slice, tensor2d, type Tensor } from "@tensorflow/tfjs-core";
import type { MultiHeadAttention } from "@tfblocks/attention";
import { type Projection, Random } from "@tfblocks/tensor-utils";
import { expectClose, randomTensor, use, useBackend } from "@tfblocks/testkit";
import { t5 } from "@tfblocks/transformer/models";
import { beforeAll, describe, expect, it, vi } from "vitest";
import type { EncoderDecoder } from "./encoder-decoder.js";
import type { ModelCache } from "./model-cache.js";
import type { TransformerLayer } from "./transformer-layer.js";

const make = () => t5({ vocabSize: 11, dModel: 8, numLayers: 2, numHeads: 2, headDim: 4, hiddenDim: 12, random: new Random(1) });
const ids = (...tokens: number[]): Tensor => tensor2d([tokens], [1, tokens.length], "int32");

const keyOfCrossAttention = (layer: TransformerLayer): Projection => (layer.crossAttention as MultiHeadAttention).key;

/** The logits of two tokens in two calls; the tensors of the first are freed. */
function decode(model: EncoderDecoder, memory: Tensor, cache: ModelCache | undefined): Tensor {
  const [first, second] = [ids(0), cache ? ids(3) : ids(0, 3)];
  try {
    if (cache) model.decode(first, memory, { cache }).logits.dispose();
    return model.decode(second, memory, { cache }).logits;
  } finally {
    dispose([first, second]);
  }
}

describe("the memory of a cached decoder", () => {
  beforeAll(() => useBackend("cpu"));

  it("is projected once by each layer, whatever the number of tokens", () => {
    const [model, memory] = [use(make()), randomTensor([1, 4, 8], 1)];
    const cache = use(model.createCache());
    const projected = model.decoder.layers.map((layer) => vi.spyOn(keyOfCrossAttention(layer as TransformerLayer), "apply"));
    for (let token = 0; token < 3; token++) decode(model, memory, cache).dispose();
    expect(projected.map(({ mock }) => mock.calls.length)).toEqual([1, 1]);
  });

  it("is projected again when it is a different tensor", async () => {
    const [model, first, second] = [use(make()), randomTensor([1, 4, 8], 1), randomTensor([1, 6, 8], 2)];
    const cache = use(model.createCache());
    decode(model, first, cache).dispose();
    for (const layer of cache.layers) layer.dispose();
    const [received, expected] = [use(decode(model, second, cache)), use(decode(model, second, undefined))];
    const last = use(slice(expected, [0, 1, 0], [1, 1, 11]));
    await expectClose(received, last, { atol: 1e-5, rtol: 1e-5 });
  });

  it("is projected again when its batch was reshaped", () => {
    const [model, memory] = [use(make()), randomTensor([2, 4, 8], 1)];
    const [cache, joined, token] = [use(model.createCache()), use(reshape(memory, [1, 8, 8])), use(tensor2d([[1], [2]], [2, 1], "int32"))];
    model.decode(token, memory, { cache }).logits.dispose();
    for (const layer of cache.layers) layer.dispose();
    decode(model, joined, cache).dispose();
  });
});
