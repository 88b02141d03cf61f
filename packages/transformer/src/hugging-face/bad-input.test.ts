import { modelFixture, type ModelFixtureName } from "@tfblocks/fixtures/models";
import { StateDictError } from "@tfblocks/tensor-utils";
import { expectNewTensors, useBackend } from "@tfblocks/testkit";
import { openSafetensors } from "@tfblocks/weights";
import { beforeAll, describe, expect, it } from "vitest";
import { loadModel, modelConfig } from "../hugging-face.js";

beforeAll(() => useBackend("cpu"));

/** The error of loading a small model with a changed config; it must leave no tensor behind. */
async function refusal(
  change: Record<string, unknown> | null,
  options?: Parameters<typeof loadModel>[1],
  name: ModelFixtureName = "gpt2",
): Promise<unknown> {
  return expectNewTensors(async () => {
    const fixture = await modelFixture(name);
    const weights = await openSafetensors(fixture.weights);
    const config = change === null ? null : { ...fixture.config, ...change };
    return loadModel({ config, weights }, options).then(
      ({ model }) => model.dispose(),
      (reason: unknown) => reason,
    );
  });
}

describe("loadModel refuses in one sentence and leaves nothing behind", () => {
  it.each<[string, Record<string, unknown> | null, RegExp]>([
    ["a config that is not an object", null, /loadModel: config must be an object/],
    ["an unknown family", { model_type: "mamba" }, /config\.model_type must be one of bert, .*got "?mamba/],
    ["a hostile name of a family", { model_type: "__proto__" }, /config\.model_type must be one of/],
    [
      "a model with images",
      { model_type: "gemma3", text_config: { model_type: "gemma3_text" } },
      /config\.model_type must be one of .*, got gemma3; gemma3 reads images too; load its text model by the config in text_config/,
    ],
    ["a missing size", { n_embd: undefined }, /config\.n_embd must be an integer from 1/],
    ["a size that is not a number", { n_head: "three" }, /config\.n_head must be an integer from 1/],
    ["a size that does not fit into memory", { n_embd: 2 ** 40 }, /config\.n_embd must be an integer from 1/],
    ["a width that no tensor has", { n_embd: 48_000 }, /config must be of the weights' model, .*got dModel = 48000;/],
    ["a vocabulary of another model", { vocab_size: 50_257 }, /config must be of the weights' model, .*got vocabSize = 50257;/],
    ["more layers than there are tensors", { n_layer: 10_000 }, /config must be of .* at most \d+ layers, .*got numLayers = 10000;/],
    ["heads that do not divide the width", { n_head: 7 }, /divisible by numHeads = 7/],
    ["an unknown activation", { activation_function: "constructor" }, /config\.activation_function must be one of gelu/],
    ["attention to later tokens", { is_causal: false }, /config\.is_causal must be true, got false/],
  ])("%s", async (_what, change, message) => {
    expect(await refusal(change)).toMatchObject({ message: expect.stringMatching(message) as string });
  });

  it.each<[string, ModelFixtureName, Record<string, unknown>, RegExp]>([
    ["heads", "qwen3", { head_dim: 2 ** 29 }, /got headDim = 536870912;/],
    ["projections", "mistral", { head_dim: 2 ** 29 }, /layers\.0\.self_attn\.q_proj\.weight" is \[.*expected \[queryDim = \d+, dModel/],
    ["a decoder", "t5-relu", { num_decoder_layers: 2 ** 29 }, /got numDecoderLayers = 536870912;/],
    ["a decoder's mask", "bert-masked-lm", { is_decoder: true }, /config\.is_decoder must be false, got true/],
    [
      "relative positions",
      "bert-masked-lm",
      { position_embedding_type: "relative_key" },
      /config\.position_embedding_type must be "absolute"/,
    ],
    ["buckets", "t5-relu", { relative_attention_num_buckets: 2 ** 24 }, /got numBuckets = 16777216;/],
    ["segments", "bert-pooler", { type_vocab_size: 2 ** 24 }, /got numSegments = 16777216;/],
  ])("a config of %s that the weights lack, before that takes memory or time", async (_what, name, change, message) => {
    expect(await refusal(change, {}, name)).toMatchObject({ message: expect.stringMatching(message) as string });
  });
});

describe("the error of loadModel", () => {
  it("names every size of a config that contradicts the weights", async () => {
    const change = { vocab_size: 50_257, n_embd: 768, n_positions: 1024, n_layer: 999 };
    expect(await refusal(change)).toMatchObject({ received: "vocabSize = 50257, maxLength = 1024, dModel = 768, numLayers = 999" });
  });

  it("names the missing entries when the config has more layers than the weights", async () => {
    const error = await refusal({ n_layer: 3 });
    expect(error).toBeInstanceOf(StateDictError);
    expect((error as StateDictError).missing.length).toBeGreaterThan(10);
  });

  it("is the reason of an aborted signal", async () => {
    const signal = AbortSignal.abort(new Error("changed my mind"));
    expect(await refusal({}, { signal })).toMatchObject({ message: "changed my mind" });
  });
});

describe("modelConfig", () => {
  it("refuses what a config cannot express", () => {
    const sizes = { vocabSize: 9, dModel: 8, numLayers: 2, numHeads: 2, hiddenDim: 12, window: (index: number) => index + 1 };
    expect(() => modelConfig("mistral", sizes)).toThrow("modelConfig: window must be [1,1] to be saved as a config of mistral, got [1,2]");
  });
});
