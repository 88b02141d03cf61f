import { ones, relu, type Tensor, zeros } from "@tensorflow/tfjs-core";
import { use, useBackend } from "@tfblocks/testkit";
import { beforeAll, describe, expect, it } from "vitest";
import { Activated, CappedHead, LanguageModel, ModelCache, ScaledHead, TiedHead } from "../index.js";
import { PromptCache } from "../generate.js";
import { gpt2, t5 } from "../models.js";

beforeAll(() => useBackend("cpu"));

const sizes = { vocabSize: 7, dModel: 8, numLayers: 1, numHeads: 2, hiddenDim: 8 };

describe("a call of a model rejects, and does not leak on,", () => {
  it("unknown options", async () => {
    const [decoder, both, ids] = [use(gpt2({ ...sizes, maxLength: 4 })), use(t5(sizes)), use(zeros([1, 3], "int32"))];
    expect(() => decoder.apply(ids, { needWeight: true } as never)).toThrowErrorMatchingInlineSnapshot(
      `[UnknownNameError: LanguageModel.apply: unknown option "needWeight"; known options: mask, positions, segments, cache, needWeights, needHiddenStates, training, seed, lastOnly; did you mean "needWeights"?]`,
    );
    expect(() => decoder.hidden(ids, { causal: true } as never)).toThrow(/LanguageModel.hidden: unknown option "causal"/);
    expect(() => both.apply(ids, ids, { mask: undefined, padding: 0 } as never)).toThrow(
      /EncoderDecoder.apply: unknown options "mask", "padding"/,
    );
    expect(() => both.encode(ids, { cache: undefined } as never)).toThrow(/EncoderDecoder.encode: unknown option "cache"/);
    const memory = use(zeros([1, 3, 8]));
    expect(() => both.decode(ids, memory, { memory } as never)).toThrow(/EncoderDecoder.decode: unknown option "memory"/);
  });

  it("segments without a segment embedding", () => {
    const [model, ids, segments] = [use(gpt2({ ...sizes, maxLength: 4 })), use(zeros([1, 3], "int32")), use(ones([1, 3], "int32"))];
    // transformers adds the token embeddings of GPT-2's token_type_ids
    expect(() => model.apply(ids, { segments })).toThrow(
      "InputEmbedding.apply: segments must be undefined, as there is no segment embedding, got int32 [1, 3]; leave them out",
    );
  });

  it("flags that are neither true nor false, and caches of another kind", () => {
    const [model, ids] = [use(gpt2({ ...sizes, maxLength: 4 })), use(zeros([1, 3], "int32"))];
    expect(() => model.apply(ids, { training: "false" } as never)).toThrow(
      'LanguageModel.apply: training must be true or false, got "false"',
    );
    for (const cache of [new PromptCache(model), null, "8"]) {
      expect(() => model.apply(ids, { cache } as never)).toThrow(
        /^TransformerStack.apply: cache must be a ModelCache, got .+; make it with createCache\(\)$/,
      );
    }
  });
});

describe("a model is not built, and does not leak, of", () => {
  it("unknown parts", async () => {
    const { input, stack, ...model } = use(gpt2({ ...sizes, maxLength: 4 }));
    expect(() => new LanguageModel({ input, stack, lmHead: model } as never)).toThrowErrorMatchingInlineSnapshot(
      `[UnknownNameError: LanguageModel: unknown part "lmHead"; known parts: input, stack, headTransform, headNorm, head, pooler, restartLength]`,
    );
  });

  it("unknown parts of heads", () => {
    const head = { apply: (x: Tensor) => x };
    expect(() => new TiedHead({ embedding: head, scale: 2 } as never)).toThrowErrorMatchingInlineSnapshot(
      `[UnknownNameError: TiedHead: unknown part "scale"; known parts: embedding, bias]`,
    );
    expect(() => new ScaledHead({ head, scale: 2, cap: 3 } as never)).toThrow('ScaledHead: unknown part "cap"');
    expect(() => new CappedHead({ head, cap: 3, scale: 2 } as never)).toThrow('CappedHead: unknown part "scale"');
    expect(() => new Activated({ map: head, activation: relu, bias: 1 } as never)).toThrow('Activated: unknown part "bias"');
    expect(() => new CappedHead({ cap: 3 } as never)).toThrowErrorMatchingInlineSnapshot(
      `[ValueError: CappedHead: head must be a block with an apply method, got undefined]`,
    );
  });

  it("unknown options of a cache", () => {
    expect(() => new ModelCache({ numLayers: 2, maxLength: 8 } as never)).toThrow('ModelCache: unknown option "maxLength"');
  });
});
