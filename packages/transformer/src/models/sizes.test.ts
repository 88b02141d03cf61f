import { expectNewTensors, useBackend } from "@tfblocks/testkit";
import { beforeAll, expect, it } from "vitest";
import { bert, gemma2, gpt2, gptNeoX, llama, t5 } from "../models.js";

beforeAll(() => useBackend("cpu"));

const sizes = { vocabSize: 9, dModel: 8, numHeads: 2, hiddenDim: 8, maxLength: 4 };

it.each(Object.entries({ bert, gemma2, gpt2, gptNeoX, llama, t5 }))(
  "%s refuses a model without layers, and leaves nothing",
  (_name, build) =>
    expectNewTensors(() => {
      expect(() => build({ ...sizes, numLayers: 0 })).toThrow("TransformerStack: numLayers must be an integer >= 1, got 0");
      expect(() => build({ ...sizes, numLayers: 1.5 })).toThrow("got 1.5");
      expect(() => build(sizes as never)).toThrow("got undefined");
    }),
);
