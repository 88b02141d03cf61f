import { memory } from "@tensorflow/tfjs-core";
import { Random } from "@tfblocks/tensor-utils";
import { backendNames, use, useBackend } from "@tfblocks/testkit";
import { bert, gpt2 } from "@tfblocks/transformer/models";
import { beforeAll, describe, expect, it } from "vitest";
import { inductionTest } from "../models.js";

const sizes = { vocabSize: 20, maxLength: 24, dModel: 16, numHeads: 2, numLayers: 2 };
const untrained = (seed = 1) => use(gpt2({ ...sizes, random: new Random(seed) }));

describe.each(backendNames)("inductionTest on %s", (backend) => {
  beforeAll(() => useBackend(backend));

  it("is the same for the same seed, another for another, plain JSON, and leaves no tensor", async () => {
    const model = untrained();
    const before = memory().numTensors;
    const result = await inductionTest(model, { sequences: 3, seed: 4 });
    expect(memory().numTensors).toBe(before);
    expect(await inductionTest(model, { sequences: 3, seed: 4 })).toEqual(result);
    expect((await inductionTest(model, { sequences: 3, seed: 5 })).losses).not.toEqual(result.losses);
    expect(JSON.parse(JSON.stringify(result))).toEqual(result);
  });
});

describe("inductionTest of a model that learned nothing", () => {
  beforeAll(() => useBackend("cpu"));

  it("labels no head and ablates none", async () => {
    for (let seed = 0; seed < 5; seed++) {
      const result = await inductionTest(untrained(seed));
      expect(result.heads).toHaveLength(4);
      expect(result.heads.filter(({ isInduction, isPreviousToken }) => isInduction || isPreviousToken)).toEqual([]);
      expect(result).toMatchObject({ withoutInduction: null, withoutPreviousToken: null, patched: null });
      expect(Math.abs(result.advantage)).toBeLessThan(0.1);
      for (const { prefixMatching, prefixMatchingNull } of result.heads) expect(prefixMatching).toBeCloseTo(prefixMatchingNull!, 1);
    }
  });

  it("chooses a period that fits into the model and the vocabulary", async () => {
    const periodOf = async (options: object) => (await inductionTest(untrained(), { sequences: 1, ...options })).period;
    expect(await periodOf({})).toBe(12);
    expect(await periodOf({ copies: 3 })).toBe(8);
    expect(await periodOf({ prefix: [0, 1, 2] })).toBe(10);
    expect(await periodOf({ vocabulary: [3, 4, 5, 5, 4] })).toBe(3);
  });
});

async function refusal(options: object, model = untrained()): Promise<string> {
  const before = memory().numTensors;
  const message = await inductionTest(model, options).then(
    () => "nothing",
    (error: Error) => `${error.name}: ${error.message}`,
  );
  expect(memory().numTensors).toBe(before);
  return message;
}

describe("inductionTest refuses", () => {
  beforeAll(() => useBackend("cpu"));

  it("a model that is too short, or does not predict the next token", async () => {
    expect(await refusal({}, use(gpt2({ ...sizes, maxLength: 3 })))).toMatchInlineSnapshot(
      `"ValueError: inductionTest: model must be of at least 4 positions, for 2 copies of two tokens, got 3"`,
    );
    expect(await refusal({ prefix: [1, 2], copies: 12 })).toMatchInlineSnapshot(
      `"ValueError: inductionTest: model must be of at least 26 positions, for 12 copies of two tokens, got 24"`,
    );
    expect(await refusal({ period: 13 })).toMatchInlineSnapshot(
      `"ValueError: inductionTest: period must be at most 12, so that 2 copies fit into the model, got 13"`,
    );
    expect(await refusal({}, use(bert({ ...sizes })))).toMatchInlineSnapshot(
      `"ValueError: inductionTest: model must be causal: it has to predict the next token, got one that is not"`,
    );
  });

  it("a vocabulary with too few tokens, or with others than the model's", async () => {
    expect(await refusal({ vocabulary: [1, 1, 2], period: 3 })).toMatchInlineSnapshot(
      `"ValueError: inductionTest: vocabulary must be at least period = 3 different tokens, got 2"`,
    );
    expect(await refusal({ vocabulary: [1] })).toMatchInlineSnapshot(
      `"ValueError: inductionTest: vocabulary must be at least two different tokens, got 1"`,
    );
    expect(await refusal({ vocabulary: [1, 2, 20] })).toMatchInlineSnapshot(
      `"ValueError: inductionTest: vocabulary must be an integer from 0 to 19, got 20"`,
    );
    expect(await refusal({ prefix: [-1] })).toMatchInlineSnapshot(
      `"ValueError: inductionTest: prefix must be an integer from 0 to 19, got -1"`,
    );
  });

  it("other numbers", async () => {
    expect(await refusal({ copies: 1 })).toMatchInlineSnapshot(`"ValueError: inductionTest: copies must be an integer >= 2, got 1"`);
    expect(await refusal({ sequences: 0 })).toMatchInlineSnapshot(`"ValueError: inductionTest: sequences must be an integer >= 1, got 0"`);
    expect(await refusal({ draws: 0.5 })).toMatchInlineSnapshot(`"ValueError: inductionTest: draws must be an integer >= 0, got 0.5"`);
    expect(await refusal({ seed: -1 })).toMatchInlineSnapshot(`"ValueError: inductionTest: seed must be an integer >= 0, got -1"`);
    expect(await refusal({ repeats: 2 })).toMatchInlineSnapshot(
      `"UnknownNameError: inductionTest: unknown option "repeats"; known options: vocabulary, prefix, period, copies, sequences, seed, draws"`,
    );
  });
});
