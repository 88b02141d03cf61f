import { expectNewTensors, useBackend } from "@tfblocks/testkit";
import { beforeAll, describe, expect, it } from "vitest";
import { bert, gemma2, gpt2, gptNeoX, llama, t5, torchDecoderLayer, torchEncoderLayer } from "../models.js";

beforeAll(() => useBackend("cpu"));

const common = { vocabSize: 9, dModel: 8, numLayers: 1, numHeads: 2 };
const models: Record<string, readonly [build: (sizes: never) => unknown, sizes: object]> = {
  bert: [bert, { ...common, maxLength: 4 }],
  gemma2: [gemma2, { ...common, hiddenDim: 8 }],
  gpt2: [gpt2, { ...common, maxLength: 4 }],
  gptNeoX: [gptNeoX, { ...common, rotaryDim: 2 }],
  llama: [llama, { ...common, hiddenDim: 8 }],
  t5: [t5, { ...common, hiddenDim: 8 }],
};
const layers: typeof models = {
  torchEncoderLayer: [torchEncoderLayer, { dModel: 8, numHeads: 2 }],
  torchDecoderLayer: [torchDecoderLayer, { dModel: 8, numHeads: 2 }],
};

const refusal = ([build, sizes]: (typeof models)[string], change: object) =>
  expectNewTensors(async () => {
    try {
      build({ ...sizes, ...change } as never);
      return "none";
    } catch (error) {
      return String(error);
    }
  });

describe("a builder of models refuses, and leaves nothing behind,", () => {
  it.each(Object.entries({ ...models, ...layers }))("%s: a size that it does not know", async (name, builder) => {
    expect(await refusal(builder, { drpout: 0.1 })).toBe(
      `ValueError: ${name}: sizes must be without unknown names, got drpout; see its type for the known ones`,
    );
  });

  it.each(Object.entries(models))("%s: no layers", async (name, builder) => {
    expect(await refusal(builder, { numLayers: 0 })).toBe(`ValueError: ${name}: numLayers must be an integer >= 1, got 0`);
    expect(await refusal(builder, { numLayers: undefined })).toBe(`ValueError: ${name}: numLayers must be an integer >= 1, got undefined`);
  });

  it("no sizes at all", () => {
    expect(() => (gpt2 as () => unknown)()).toThrow("gpt2: sizes must be an object, got undefined");
    expect(() => (torchEncoderLayer as () => unknown)()).toThrow("torchEncoderLayer: sizes must be an object, got undefined");
  });
});
