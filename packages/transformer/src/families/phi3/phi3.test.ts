import { tensor2d } from "@tensorflow/tfjs-core";
import { modelFixture } from "@tfblocks/fixtures/models";
import { expectClose, use, useBackend } from "@tfblocks/testkit";
import { loadModel, modelConfig } from "@tfblocks/transformer/hugging-face";
import { phi3, type Phi3Sizes } from "@tfblocks/transformer/models";
import { openSafetensors } from "@tfblocks/weights";
import { beforeAll, describe, expect, it } from "vitest";

beforeAll(() => useBackend("cpu"));

/** The sizes of the fixture's config of transformers 4 with some fields changed; `undefined` removes one. */
async function sizesOf(change: Readonly<Record<string, unknown>>): Promise<Phi3Sizes> {
  const { config4, weights } = await modelFixture("phi3-short");
  const given = Object.fromEntries(Object.entries({ ...config4, ...change }).filter(([, value]) => value !== undefined));
  const { model, sizes } = await loadModel({ config: given, weights: await openSafetensors(weights) });
  use(model);
  return sizes as Phi3Sizes;
}

const lists = { short_factor: [1, 2, 3], long_factor: [2, 3, 4] };
const ours = { type: "longrope", shortFactor: [1, 2, 3], longFactor: [2, 3, 4] };

// What transformers computes with, by `Phi3Config(…).rope_parameters`; 5.23 itself fails on "su", as files of 2024 have it.
describe("the rotary settings of Phi-3", () => {
  it.each(["longrope", "su", "yarn"])("may give LongRoPE the name %s", async (type) => {
    const { scaling } = await sizesOf({ rope_scaling: { type, ...lists } });
    expect(scaling).toEqual({ ...ours, originalMaxLength: 12, factor: 128 / 12 });
  });

  it("have the original length outside, by default 4096", async () => {
    const change = { rope_scaling: { type: "longrope", ...lists, original_max_position_embeddings: 8 } };
    expect((await sizesOf(change)).scaling).toMatchObject({ originalMaxLength: 12 });
    const { scaling } = await sizesOf({ ...change, original_max_position_embeddings: undefined, max_position_embeddings: 131_072 });
    expect(scaling).toMatchObject({ originalMaxLength: 4096, factor: 32 });
  });

  it("are refused with another scaling", async () => {
    const message = 'config.rope_scaling.type must be one of default, longrope, su, yarn, got "linear"';
    await expect(sizesOf({ rope_scaling: { type: "linear", factor: 2 } })).rejects.toThrow(message);
  });

  it("rotate an even number of dimensions, as transformers does", async () => {
    const change = { rope_scaling: null, partial_rotary_factor: 0.65, rope_theta: 100 }; // 5.2 of 8
    expect(await sizesOf(change)).toMatchObject({ rotaryDim: 6, theta: 100 ** (6 / 5) });
  });
});

describe("a cache of Phi-3", () => {
  const scaling = { type: "longrope", shortFactor: [1, 2, 3], longFactor: [2, 3, 4], originalMaxLength: 3, factor: 2 } as const;
  const model = () => use(phi3({ vocabSize: 9, dModel: 12, numLayers: 1, numHeads: 2, hiddenDim: 12, scaling }));
  const ids = (count: number) => use(tensor2d([Array.from({ length: count }, (_, index) => index + 1)], undefined, "int32"));

  it("is not continued across the trained length, where the angles of its keys change", () => {
    const [each, cache] = [model(), use(model().createCache())];
    use(each.apply(ids(2), { cache }));
    use(each.apply(ids(1), { cache }));
    expect(() => each.apply(ids(1), { cache })).toThrow(
      "LanguageModel.apply: cache must be empty for a text longer than 3 tokens, got one of 3; compute the whole text with an empty cache",
    );
    expect(cache.length).toBe(3);
  });

  it("is continued beyond it", async () => {
    const [each, cache] = [model(), use(model().createCache())];
    use(each.apply(ids(4), { cache }));
    const { logits } = use(each.apply(use(tensor2d([[5]], undefined, "int32")), { cache }));
    await expectClose(logits, use(each.apply(ids(5), { lastOnly: true })).logits, { atol: 1e-5, rtol: 1e-5 });
  });
});

describe("a written config of Phi-3", () => {
  const sizes = { vocabSize: 9, dModel: 12, numLayers: 1, numHeads: 2, hiddenDim: 12, trainedLength: 64 };
  const scaling = { type: "longrope", shortFactor: [1, 2, 3], longFactor: [2, 3, 4], originalMaxLength: 16 } as const;

  it("has the three settings that transformers 4 allows, where the factor is the ratio of the lengths", () => {
    const { rope_scaling: written } = modelConfig("phi3", { ...sizes, scaling: { ...scaling, factor: 4 } });
    expect(written).toEqual({ type: "longrope", ...lists });
  });

  it("has every setting where it is not", () => {
    const { rope_scaling: written } = modelConfig("phi3", { ...sizes, scaling: { ...scaling, factor: 3 } });
    expect(written).toMatchObject({ rope_type: "longrope", factor: 3, original_max_position_embeddings: 16 });
  });

  it("is refused where transformers refuses it", () => {
    const linear = { type: "linear", factor: 2 } as const;
    expect(() => modelConfig("phi3", { ...sizes, scaling: linear })).toThrow(
      "modelConfig: scaling.type must be longrope, the only one of Phi-3",
    );
    const wide = { ...sizes, headDim: 8, rotaryDim: 6, scaling: { ...scaling, factor: 4 } };
    expect(() => modelConfig("phi3", wide)).toThrow(
      "modelConfig: headDim must be dModel / numHeads = 6 where frequencies are scaled, got 8",
    );
    const windows = { ...sizes, numLayers: 2, window: (index: number) => index + 1 };
    expect(() => modelConfig("phi3", windows)).toThrow("modelConfig: window must be [1,1]");
  });
});
