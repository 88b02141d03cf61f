import { expectNewTensors, useBackend } from "@tfblocks/testkit";
import { beforeAll, describe, expect, it } from "vitest";
import { bert, families, gemma2, gpt2, gptNeoX, llama, mistral, qwen2, qwen3, t5 } from "../models.js";

beforeAll(() => useBackend("cpu"));

const small = { vocabSize: 9, dModel: 16, numLayers: 1, numHeads: 2, hiddenDim: 8 };
const long = { ...small, maxLength: 4 };
const builders = {
  bert: [bert, long],
  gemma2: [gemma2, small],
  gpt2: [gpt2, long],
  gptNeoX: [gptNeoX, small],
  llama: [llama, small],
  mistral: [mistral, small],
  qwen2: [qwen2, small],
  qwen3: [qwen3, small],
  t5: [t5, small],
} as const;

describe.each(Object.entries(builders))("%s", (name, [builder, sizes]) => {
  const build = (changed: object) => () => (builder as (sizes: object) => { dispose(): void })({ ...sizes, ...changed });

  it("is registered under its name", () => {
    expect(families).toHaveProperty(name, builder);
    expect(builder.layout.name).toBe(name);
  });

  it("builds a model of these sizes", () => expectNewTensors(() => build({})().dispose()));

  it("refuses sizes that are unknown, missing or out of range, and leaves nothing behind", () =>
    expectNewTensors(() => {
      expect(build({ numLayers: 0 })).toThrow(`${name}: numLayers must be an integer >= 1, got 0`);
      expect(build({ numLayers: 1.5 })).toThrow("got 1.5");
      expect(build({ numLayers: undefined })).toThrow("got undefined");
      expect(build({ numLayer: 1 })).toThrow(`${name}: unknown size "numLayer"; known sizes: vocabSize, dModel, numLayers`);
      expect(build({ numHeads: 3 })).toThrow(`${name}: dModel must be divisible by numHeads = 3, got 16`);
      expect(build({ hiddenDim: 0 })).toThrow(`${name}: hiddenDim must be an integer >= 1, got 0`);
      expect(build({ eps: 0 })).toThrow(`${name}: eps must be a finite float32 number > 0, got 0`);
      expect(build({ dropout: 1 })).toThrow(`${name}: dropout must be a number in [0, 1), got 1`);
    }));
});

it("llama refuses heads that do not share key-value heads evenly", () => {
  expect(() => llama({ ...small, numHeads: 4, numKvHeads: 3 })).toThrow("llama: numKvHeads must be a divisor of numHeads = 4, got 3");
});

it("every family is tried", () => expect(Object.keys(builders).toSorted()).toEqual(Object.keys(families).toSorted()));
