import { modelFixture } from "@tfblocks/fixtures/models";
import { use, useBackend } from "@tfblocks/testkit";
import { EncoderDecoder, type LanguageModel } from "@tfblocks/transformer";
import { loadModel, type Pretrained } from "@tfblocks/transformer/hugging-face";
import type { Gpt2Sizes } from "@tfblocks/transformer/models";
import { openSafetensors } from "@tfblocks/weights";
import { beforeAll, describe, expect, expectTypeOf, it } from "vitest";

beforeAll(() => useBackend("cpu"));

describe("the family of a loaded model", () => {
  it("narrows the types of its sizes and model", async () => {
    const { config, weights } = await modelFixture("t5-relu");
    const loaded = use(await loadModel({ config, weights: await openSafetensors(weights) }));
    if (loaded.family !== "t5") throw new Error("the fixture is a T5");
    expectTypeOf(loaded.model).toEqualTypeOf<EncoderDecoder>();
    expect(loaded.model).toBeInstanceOf(EncoderDecoder);
    expect(loaded.sizes.numBuckets).toBeGreaterThan(0);
  });

  it("has one type of sizes and one of models", () => {
    type Gpt2 = Extract<Pretrained, { family: "gpt2" }>;
    expectTypeOf<Pick<Gpt2, "sizes" | "model">>().toEqualTypeOf<{ readonly sizes: Gpt2Sizes; readonly model: LanguageModel }>();
    expectTypeOf<Pretrained<"llama">>().not.toExtend<Gpt2>();
  });
});
