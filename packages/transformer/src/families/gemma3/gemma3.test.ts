import { modelFixture } from "@tfblocks/fixtures/models";
import { use, useBackend } from "@tfblocks/testkit";
import { loadModel, modelConfig } from "@tfblocks/transformer/hugging-face";
import { gemma3, type Gemma3Sizes } from "@tfblocks/transformer/models";
import { openSafetensors } from "@tfblocks/weights";
import { beforeAll, describe, expect, it } from "vitest";

beforeAll(() => useBackend("cpu"));

/** The sizes of the fixture's config with some fields changed; `undefined` removes one. */
async function sizesOf(change: Readonly<Record<string, unknown>>): Promise<Gemma3Sizes> {
  const { config, weights } = await modelFixture("gemma3");
  const given = Object.fromEntries(Object.entries({ ...config, ...change }).filter(([, value]) => value !== undefined));
  const { model, sizes } = await loadModel({ config: given, weights: await openSafetensors(weights) });
  use(model);
  return sizes as Gemma3Sizes;
}

const linear = { rope_type: "linear", factor: 2 };

// What transformers 5.23 computes with, by `Gemma3TextConfig(…).rope_parameters`.
describe("the rotary settings of Gemma 3", () => {
  it.each<[string, Record<string, unknown>, Partial<Gemma3Sizes>]>([
    ["in their own fields", { rope_theta: 5, rope_local_base_freq: 7 }, { theta: 5, localTheta: 7, scaling: undefined }],
    ["nowhere", {}, { theta: 1e6, localTheta: 1e4, scaling: undefined }],
    ["for long inputs", { rope_theta: 5, rope_scaling: linear }, { theta: 5, localTheta: 1e4, scaling: { type: "linear", factor: 2 } }],
    [
      "by one type of layer only",
      { rope_parameters: { sliding_attention: { rope_type: "default", rope_theta: 9 } }, rope_theta: 5, rope_local_base_freq: 7 },
      { theta: 5, localTheta: 9 },
    ],
    [
      "in both places",
      { rope_parameters: { full_attention: { ...linear, rope_theta: 9 } }, rope_theta: 5, rope_scaling: { factor: 3 } },
      { theta: 9, scaling: { type: "linear", factor: 3 } },
    ],
  ])("may stand %s", async (_where, change, sizes) => {
    expect(await sizesOf({ rope_parameters: undefined, ...change })).toMatchObject(sizes);
  });

  it.each<[string, Record<string, unknown>, string]>([
    [
      "scaled in layers with a window",
      { rope_parameters: { sliding_attention: linear } },
      'config.rope_parameters.sliding_attention.rope_type must be "default", got "linear"',
    ],
    ["for all layers at once", { rope_parameters: { ...linear } }, "config.rope_parameters.factor must be absent, got 2"],
    [
      "with a type by its old name alone",
      { rope_parameters: undefined, rope_scaling: { type: "linear", factor: 2 } },
      'config.rope_scaling.type must be beside an equal rope_type, without which transformers 5 ignores it, got "linear"',
    ],
  ])("are refused %s", async (_what, change, message) => {
    await expect(sizesOf(change)).rejects.toThrow(message);
  });
});

describe("a config of Gemma 3", () => {
  it("has windows in all layers but every sixth, or every one of the pattern", async () => {
    const windows = async (change: object) => {
      const { window } = await sizesOf({ layer_types: undefined, ...change });
      return [0, 1, 2, 3, 4, 5].map((index) => window!(index));
    };
    expect(await windows({ sliding_window_pattern: undefined })).toEqual([4, 4, 4, 4, 4, undefined]);
    expect(await windows({ sliding_window_pattern: 2 })).toEqual([4, undefined, 4, undefined, 4, undefined]);
  });

  it("is refused with capped scores, which transformers does not compute", async () => {
    await expect(sizesOf({ attn_logit_softcapping: 50 })).rejects.toThrow("config.attn_logit_softcapping must be null, got 50");
  });

  it("without a head has the class of the text model", () => {
    const sizes = { vocabSize: 9, dModel: 8, numLayers: 1, numHeads: 2, hiddenDim: 12 };
    expect(modelConfig("gemma3", { ...sizes, languageHead: false })).toMatchObject({ architectures: ["Gemma3TextModel"] });
    expect(modelConfig("gemma3", sizes)).toMatchObject({ architectures: ["Gemma3ForCausalLM"], final_logit_softcapping: null });
    expect(() => modelConfig("gemma3", { ...sizes, dModel: 9, headDim: 4 })).toThrow(
      "modelConfig: dModel must be divisible by numHeads = 2",
    );
  });

  it("refuses a base that is not above 0", () => {
    const sizes = { vocabSize: 9, dModel: 8, numLayers: 1, numHeads: 2, hiddenDim: 12 };
    expect(() => gemma3({ ...sizes, localTheta: 0 })).toThrow("gemma3: localTheta must be a finite float32 number > 0, got 0");
  });
});
