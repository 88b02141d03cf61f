import { zeros } from "@tensorflow/tfjs-core";
import { expectNewTensors, useBackend } from "@tfblocks/testkit";
import { beforeAll, describe, expect, it } from "vitest";
import { LanguageModel } from "../index.js";
import { gpt2, t5 } from "../models.js";

beforeAll(() => useBackend("cpu"));

const sizes = { vocabSize: 7, dModel: 8, numLayers: 1, numHeads: 2, hiddenDim: 8 };

describe("a model rejects, and does not leak on,", () => {
  it("unknown options", () =>
    expectNewTensors(async () => {
      const [decoder, both, ids] = [gpt2({ ...sizes, maxLength: 4 }), t5(sizes), zeros([1, 3], "int32")];
      expect(() => decoder.apply(ids, { needWeight: true } as never)).toThrowErrorMatchingInlineSnapshot(
        `[UnknownNameError: LanguageModel.apply: unknown option "needWeight"; known options: mask, positions, segments, cache, needWeights, needHiddenStates, training, seed, lastOnly]`,
      );
      expect(() => decoder.hidden(ids, { causal: true } as never)).toThrow(/LanguageModel.hidden: unknown option "causal"/);
      expect(() => both.apply(ids, ids, { mask: undefined, padding: 0 } as never)).toThrow(
        /EncoderDecoder.apply: unknown options "mask", "padding"/,
      );
      for (const each of [decoder, both, ids]) each.dispose();
    }));

  it("unknown parts", () =>
    expectNewTensors(async () => {
      const { input, stack, ...model } = gpt2({ ...sizes, maxLength: 4 });
      expect(() => new LanguageModel({ input, stack, lmHead: model } as never)).toThrowErrorMatchingInlineSnapshot(
        `[UnknownNameError: LanguageModel: unknown part "lmHead"; known parts: input, stack, headTransform, headNorm, head, pooler]`,
      );
      for (const each of [input, stack]) each.dispose();
    }));
});
