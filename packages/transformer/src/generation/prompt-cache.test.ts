import { dispose, tensor1d, zeros } from "@tensorflow/tfjs-core";
import { Random } from "@tfblocks/tensor-utils";
import { use, useBackend } from "@tfblocks/testkit";
import { openSafetensors, writeSafetensors } from "@tfblocks/weights";
import { beforeAll, describe, expect, it } from "vitest";
import { type Decoder, generate, type GenerateOptions, PromptCache } from "../generate.js";
import { gemma2, gpt2, llama, phi3 } from "../models.js";
import type { LanguageModel } from "../index.js";

const sizes = { vocabSize: 40, dModel: 16, numLayers: 2, numHeads: 2 };
const models = {
  gpt2: () => gpt2({ ...sizes, maxLength: 32, random: new Random(1) }),
  llama: () => llama({ ...sizes, numKvHeads: 1, hiddenDim: 24, random: new Random(2) }),
  gemma2: () =>
    gemma2({ ...sizes, numKvHeads: 1, headDim: 8, hiddenDim: 24, window: (index) => (index === 0 ? 4 : undefined), random: new Random(3) }),
};

async function tokensOf(model: Decoder, prompt: number[], options: GenerateOptions = {}): Promise<number[]> {
  const all: number[] = [];
  for await (const { tokens } of generate(model, prompt, { maxNewTokens: 5, ...options })) all.push(tokens[0]!);
  return all;
}

/** A decoder that notes the number of ids of each call. */
function counted(model: LanguageModel): { readonly decoder: Decoder; readonly lengths: number[] } {
  const lengths: number[] = [];
  const decoder: Decoder = {
    maxLength: model.maxLength,
    restartLength: model.restartLength,
    createCache: () => model.createCache(),
    apply(ids, options) {
      lengths.push(ids.shape[1]!);
      return model.apply(ids, options);
    },
  };
  return { decoder, lengths };
}

beforeAll(() => useBackend("cpu"));

describe("a prompt cache of Phi-3", () => {
  it("is computed again where the text becomes longer than the trained length, or shorter", async () => {
    const scaling = { type: "longrope", shortFactor: [1, 2, 3, 4], longFactor: [8, 4, 3, 2], originalMaxLength: 6, factor: 4 } as const;
    const model = use(phi3({ ...sizes, hiddenDim: 24, scaling, random: new Random(4) }));
    const { decoder, lengths } = counted(model);
    const cache = use(new PromptCache(decoder));
    const expectSame = async (prompt: number[], calls: number[]) => {
      lengths.length = 0;
      const tokens = await tokensOf(decoder, prompt, { cache });
      expect(lengths).toEqual(calls);
      expect(tokens).toEqual(await tokensOf(model, prompt));
    };
    await expectSame([5, 6, 7], [3, 1, 1, 1, 7]); // ids 4 to 6, then all 7
    await expectSame([...cache.ids, 8], [1, 1, 1, 1, 1]);
    await expectSame([5, 6], [2, 1, 1, 1, 1]);
    await expectSame([5, 6, 7, 8, 9, 1, 2, 3], [8, 1, 1, 1, 1]);
  });
});

describe.each(Object.entries(models))("a prompt cache of %s", (_name, build) => {
  it("gives the tokens of a full run: continued, trimmed, saved and loaded", async () => {
    const model = use(build());
    const cache = use(new PromptCache(model));
    const first = await tokensOf(model, [5, 6, 7], { cache });
    expect(first).toEqual(await tokensOf(model, [5, 6, 7]));
    expect(cache.ids).toEqual([5, 6, 7, ...first.slice(0, -1)]);

    const longer = [5, 6, 7, ...first, 8, 9];
    expect(await tokensOf(model, longer, { cache })).toEqual(await tokensOf(model, longer));
    const other = [5, 6, 11, 12];
    expect(await tokensOf(model, other, { cache })).toEqual(await tokensOf(model, other));

    cache.trim(3);
    const saved = cache.stateDict();
    const bytes = writeSafetensors(saved);
    dispose(saved);
    const reader = await openSafetensors(bytes);
    const state = await reader.readAll();
    await reader.close();
    const loaded = use(new PromptCache(model));
    loaded.loadStateDict(state);
    dispose(state);
    expect(loaded.ids).toEqual([5, 6, 11]);
    expect(await tokensOf(model, [5, 6, 11, 13], { cache: loaded })).toEqual(await tokensOf(model, [5, 6, 11, 13]));
  });
});

describe("a prompt cache", () => {
  it("saves the computation of what a prompt begins with, but for its last id", async () => {
    const { decoder: model, lengths } = counted(use(models.llama()));
    const cache = use(new PromptCache(model));
    await tokensOf(model, [1, 2, 3, 4], { cache, maxNewTokens: 1 });
    await tokensOf(model, [1, 2, 3, 4], { cache, maxNewTokens: 1 });
    await tokensOf(model, [1, 2, 3, 4, 5, 6], { cache, maxNewTokens: 1 });
    await tokensOf(model, [1, 9], { cache, maxNewTokens: 1 });
    expect(lengths).toEqual([4, 1, 2, 1]);
  });

  it("stays valid when the loop ends early or the model fails", async () => {
    const model = use(models.gpt2());
    const cache = use(new PromptCache(model));
    for await (const _step of generate(model, [5, 6, 7], { cache })) break;
    expect(cache.ids).toEqual([5, 6, 7]);
    await expect(tokensOf(model, [5, 6, 99], { cache })).rejects.toThrow("ids must be from 0 to 39");
    expect(await tokensOf(model, [5, 6, 8], { cache })).toEqual(await tokensOf(model, [5, 6, 8]));
  });
});

describe("a prompt cache that does not fit", () => {
  it("is refused for another model, several prompts, two runs at once, and when it is none", async () => {
    const [model, other] = [use(models.llama()), use(models.gpt2())];
    const cache = use(new PromptCache(model));
    await expect(tokensOf(other, [1], { cache })).rejects.toThrow("generate: cache must be a cache of this model, got one of another");
    await expect(tokensOf(model, [[1], [2]] as never, { cache })).rejects.toThrow(
      "generate: prompts must be a single prompt, as a cache holds one row, got 2",
    );
    await expect(tokensOf(model, [1], { cache: {} as never })).rejects.toThrow(
      "generate: cache must be a PromptCache, got an object; make it with new PromptCache(model)",
    );
    const run = async () => {
      for await (const _step of generate(model, [1, 2], { cache })) await tokensOf(model, [3, 4, 5], { cache, maxNewTokens: 1 });
    };
    await expect(run()).rejects.toThrow("generate: cache must be used by one run at a time, got one that another run has changed");
  });

  it("refuses to trim to more than it holds", async () => {
    const cache = use(new PromptCache(use(models.llama())));
    expect(() => cache.trim(1)).toThrow("PromptCache.trim: length must be an integer from 0 to 0, got 1");
  });

  it("refuses a state that does not fit, and keeps its contents", async () => {
    const model = use(models.llama());
    const cache = use(new PromptCache(model));
    await tokensOf(model, [1, 2, 3], { cache, maxNewTokens: 1 });
    const { ids, ...layers } = use(cache.stateDict());
    const [wrong, few] = [use(zeros([1, 1, 2, 8])), use(tensor1d([1, 2], "int32"))];
    const refused = (state: object) => {
      try {
        cache.loadStateDict(state as never);
      } catch (error) {
        return String(error);
      }
      return "accepted";
    };
    expect(refused({ ...layers })).toBe("ValueError: PromptCache.loadStateDict: state must be a state with ids, got an object");
    expect(refused({ ids })).toContain('missing "layers.0.key", "layers.0.value", "layers.1.key", "layers.1.value"');
    expect(refused({ ids, ...layers, "layers.2.key": wrong })).toContain('unexpected "layers.2.key"');
    expect(refused({ ids, ...layers, "layers.1.value": wrong })).toContain(
      "layers.1.value must be [batch, kvHeads, length, valueDim] with length = 3",
    );
    expect(refused({ ids: few, ...layers })).toContain("layers.0.key must be [batch, kvHeads, length, headDim] with length = 2 (from ids)");
    expect(cache.ids).toEqual([1, 2, 3]);
    expect(await tokensOf(model, [1, 2, 3, 4], { cache })).toEqual(await tokensOf(model, [1, 2, 3, 4]));
  });
});
