import { memory, tensor2d } from "@tensorflow/tfjs-core";
import { Random } from "@tfblocks/tensor-utils";
import { backendNames, countsMemory, use, useBackend } from "@tfblocks/testkit";
import type { LanguageModel } from "@tfblocks/transformer";
import { bert, gpt2 } from "@tfblocks/transformer/models";
import { beforeAll, describe, expect, it } from "vitest";
import { ablate, headsOf, type ParsedText, syntaxTest, type SyntaxTestOptions, tokenLosses, withEdits } from "../models.js";
import { expectedSyntax } from "../testing/syntax-oracle.js";

const sizes = { vocabSize: 15, maxLength: 12, dModel: 24, numHeads: 3, numLayers: 2 };
const causal = () => use(gpt2({ ...sizes, random: new Random(8) }));

/** Random texts of 3 to 8 tokens, where about half of the words depend on an earlier one. */
function randomTexts(count: number, seed = 1): ParsedText[] {
  const random = new Random(seed);
  return Array.from({ length: count }, () => {
    const ids = Array.from({ length: 3 + random.integer(6) }, () => random.integer(15));
    const dependencies = [...ids.keys()]
      .slice(1)
      .flatMap((from) =>
        random.uniform() < 0.5 ? [{ relation: random.uniform() < 0.5 ? "subject" : "object", from, to: random.integer(from) }] : [],
      );
    return { ids, dependencies };
  });
}

const lossOf = async (model: LanguageModel) => {
  const ids = tensor2d([[1, 2, 3, 4, 5, 1, 2, 3]], undefined, "int32");
  try {
    return (await tokenLosses(model, ids)).mean!;
  } finally {
    ids.dispose();
  }
};

// Emulated graphics take a minute for what their backends show in smaller tests.
describe.each(backendNames.filter(countsMemory))("syntaxTest on %s", (backend) => {
  beforeAll(() => useBackend(backend));

  it.each(["dependent", "before"] as const)("counts as plain loops do over texts of several lengths: %s", async (attends) => {
    const [model, texts] = [causal(), randomTexts(40)];
    const before = memory().numTensors;
    const { relations, ...rest } = await syntaxTest(model, texts, { attends });
    expect(memory().numTensors).toBe(before);
    expect(rest).toEqual({ experiment: "syntaxTest", version: 1, attends, texts: 40, score: null, withoutBest: null });
    expect(relations.map(({ relation }) => relation).toSorted()).toEqual(["object", "subject"]);
    for (const { relation, heads } of relations) {
      const expected = await expectedSyntax(model, texts, relation, attends);
      expect(heads.map(({ attention, head }) => [attention, head])).toEqual(expected.map(({ attention, head }) => [attention, head]));
      heads.forEach((head, at) => {
        expect(head.rows).toBe(expected[at]!.rows);
        expect(head.accuracy).toBeCloseTo(expected[at]!.accuracy, 12);
        expect(head.baseline!.score).toBeCloseTo(expected[at]!.baseline, 12);
        expect(head.overBaseline).toBeCloseTo(expected[at]!.accuracy - expected[at]!.baseline, 12);
      });
    }
  });
});

describe("syntaxTest", () => {
  beforeAll(() => useBackend("cpu"));

  it("takes words of several tokens, and of a model that sees both sides also later heads", async () => {
    const model = use(bert({ ...sizes, random: new Random(2) }));
    const dependencies = [{ relation: "subject", from: 0, to: 2 }];
    const plain = await syntaxTest(model, [{ ids: [3, 4, 5, 6], dependencies }]);
    expect(plain.relations[0]!.heads[0]).toMatchObject({ rows: 1, baseline: { offset: 2, score: 1 }, nullAccuracy: 0.25 });
    const asWords = await syntaxTest(model, [{ ids: [3, 4, 5, 6], dependencies, wordOf: [0, 1, 2, 3] }]);
    expect(asWords).toEqual(plain);
    const words = await syntaxTest(model, [{ ids: [1, 3, 4, 5, 6], dependencies, wordOf: [-1, 0, 1, 2, 2] }]);
    expect(words.relations[0]!.heads[0]).toMatchObject({ rows: 1, baseline: { offset: 2, score: 1 }, nullAccuracy: 1 });
  });

  it("leaves out rows that cannot look at the head", async () => {
    const dependencies = [
      { relation: "later", from: 0, to: 2 },
      { relation: "adjacent", from: 2, to: 1 },
      { relation: "first", from: 0, to: 1 },
    ];
    const result = await syntaxTest(causal(), [{ ids: [3, 4, 5, 6], dependencies }], { attends: "before" });
    for (const { heads, syntactic } of result.relations) {
      expect(heads).toHaveLength(6);
      expect(heads[0]).toMatchObject({ accuracy: null, nullAccuracy: null, baseline: null, overBaseline: null, rows: 0 });
      expect(syntactic).toEqual([]);
    }
  });
});

describe("the ablations of syntaxTest", () => {
  beforeAll(() => useBackend("cpu"));
  const options: SyntaxTestOptions = { score: lossOf, draws: 3, seed: 2 };

  it("name the heads at least 0.1 above the offset, the best first, and score the model without the first", async () => {
    const [model, texts] = [causal(), randomTexts(6, 3)];
    const result = await syntaxTest(model, texts, options);
    expect(result.score).toBe(await lossOf(model));
    expect(JSON.parse(JSON.stringify(result))).toEqual(result);
    expect(await syntaxTest(model, texts, options)).toEqual(result);
    const found = result.relations.filter(({ syntactic }) => syntactic.length > 0);
    expect(found.length).toBeGreaterThan(0);
    for (const { heads, syntactic, withoutBest } of found) {
      const above = heads.filter(({ overBaseline }) => overBaseline! >= 0.1).map(({ overBaseline }) => overBaseline!);
      expect(syntactic).toHaveLength(above.length);
      const [{ attention, head }] = syntactic as [{ attention: string; head: number }];
      expect(heads.find((each) => each.attention === attention && each.head === head)!.overBaseline).toBe(Math.max(...above));
      expect(withoutBest!.heads).toEqual([{ attention, head }]);
      expect(withoutBest!.score).toBe(await lossOf(withEdits(model, [ablate(headsOf(attention, head))])));
      expect(withoutBest!.randomHeads).toMatchObject({ draws: 3 });
    }
    expect(result.withoutBest!.heads.length).toBeLessThanOrEqual(found.length);
  });

  it("leave no tensor when the score throws or is not a number", async () => {
    const model = causal();
    const before = memory().numTensors;
    const run = (score: () => number) => syntaxTest(model, randomTexts(6, 3), { score });
    await expect(run(() => Number.NaN)).rejects.toThrowErrorMatchingInlineSnapshot(
      `[ValueError: syntaxTest: the result of score must be a finite number, got NaN]`,
    );
    const thrown = new Error("no score");
    await expect(
      run(() => {
        throw thrown;
      }),
    ).rejects.toBe(thrown);
    expect(memory().numTensors).toBe(before);
  });
});

const one = (text: object) => syntaxTest(causal(), [{ ids: [1, 2, 3], dependencies: [], ...text } as ParsedText]);

describe("syntaxTest refuses", () => {
  beforeAll(() => useBackend("cpu"));

  it("texts without ids, or with others than the model's", async () => {
    await expect(syntaxTest(causal(), [])).rejects.toThrowErrorMatchingInlineSnapshot(
      `[ValueError: syntaxTest: texts must be at least one text, got an array of length 0]`,
    );
    await expect(one({ ids: [] })).rejects.toThrowErrorMatchingInlineSnapshot(
      `[ValueError: syntaxTest: texts[0].ids must be at least one id, got an array of length 0]`,
    );
    await expect(one({ ids: [1, 15] })).rejects.toThrowErrorMatchingInlineSnapshot(
      `[ValueError: syntaxTest: texts[0].ids must be an integer from 0 to 14, got 15]`,
    );
    await expect(one({ ids: Array.from({ length: 13 }, () => 1) })).rejects.toThrowErrorMatchingInlineSnapshot(
      `[ValueError: syntaxTest: texts[0].ids must be at most 12 ids, got 13]`,
    );
    await expect(one({ wordOf: [0, 1] })).rejects.toThrowErrorMatchingInlineSnapshot(
      `[ShapeError: syntaxTest: texts[0].wordOf must be one index for each of the 3 ids, got 2]`,
    );
  });
});

describe("syntaxTest refuses wrong", () => {
  beforeAll(() => useBackend("cpu"));
  const arc = { relation: "subject", from: 2, to: 0 };

  it("parses", async () => {
    await expect(one({ dependencies: [{ ...arc, from: 3 }] })).rejects.toThrowErrorMatchingInlineSnapshot(
      `[ValueError: syntaxTest: texts[0].dependencies[0].from must be an integer from 0 to 2, got 3]`,
    );
    await expect(one({ dependencies: [{ ...arc, to: 2 }] })).rejects.toThrowErrorMatchingInlineSnapshot(
      `[ValueError: syntaxTest: texts[0].dependencies[0].to must be another word than from, got 2]`,
    );
    await expect(one({ dependencies: [arc, { ...arc, to: 1 }] })).rejects.toThrowErrorMatchingInlineSnapshot(
      `[ValueError: syntaxTest: texts[0].dependencies must be at most one of a relation for each word, got two "subject" from 2]`,
    );
    await expect(one({ dependencies: [{ ...arc, relation: 7 }] })).rejects.toThrowErrorMatchingInlineSnapshot(
      `[ValueError: syntaxTest: texts[0].dependencies[0].relation must be a string, got 7]`,
    );
    await expect(one({ dependencies: [arc], wordOf: [0, 0, 1] })).rejects.toThrowErrorMatchingInlineSnapshot(
      `[ValueError: syntaxTest: texts[0].dependencies[0].from must be an integer from 0 to 1, got 2]`,
    );
  });

  it("options", async () => {
    const run = (options: object) => syntaxTest(causal(), randomTexts(1), options);
    await expect(run({ attends: "after" })).rejects.toThrowErrorMatchingInlineSnapshot(
      `[ValueError: syntaxTest: attends must be "dependent" or "before", got "after"]`,
    );
    await expect(run({ draws: -1 })).rejects.toThrowErrorMatchingInlineSnapshot(
      `[ValueError: syntaxTest: draws must be an integer >= 0, got -1]`,
    );
    await expect(run({ scores: lossOf })).rejects.toThrowErrorMatchingInlineSnapshot(
      `[UnknownNameError: syntaxTest: unknown option "scores"; known options: attends, score, draws, seed; did you mean "score"?]`,
    );
  });
});
