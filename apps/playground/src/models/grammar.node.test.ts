import { fileURLToPath } from "node:url";
import { headLabel, type ParsedText, type SyntaxRelation, syntaxTest, type SyntaxTest } from "@tfblocks/analysis/models";
import { Random } from "@tfblocks/tensor-utils";
import { fusedBackendNames, use, useBackend } from "@tfblocks/testkit";
import type { LanguageModel } from "@tfblocks/transformer";
import { loadFolder } from "@tfblocks/transformer/hugging-face/node";
import { type ArcKind, drawSentence, grammar, judge } from "@tfblocks/zoo";
import { beforeAll, describe, expect, it } from "vitest";

async function trained(): Promise<LanguageModel> {
  const folder = fileURLToPath(new URL("../../public/models/grammar", import.meta.url));
  return use(await loadFolder(folder)).model as LanguageModel;
}

/** Sentences that the model was not trained on. */
function parsedTexts(count: number): ParsedText[] {
  const random = new Random(1);
  return Array.from({ length: count }, () => {
    const { words, arcs } = drawSentence(random, true);
    const dependencies = arcs.map(({ kind, from, to }) => ({ relation: kind, from, to }));
    return { ids: grammar.tokenizer.encode(words.join(" ")), dependencies };
  });
}

const accuracyOf = (kind: ArcKind) => async (model: LanguageModel) => (await judge(model, grammar.tokenizer, { count: 60, seed: 3 }))[kind];
const relationOf = ({ relations }: SyntaxTest, kind: ArcKind): SyntaxRelation => relations.find(({ relation }) => relation === kind)!;

function best(relation: SyntaxRelation) {
  const [{ attention, head }] = relation.syntactic as [SyntaxRelation["syntactic"][number]];
  const found = relation.heads.find((each) => each.attention === attention && each.head === head)!;
  return { head: headLabel(found), accuracy: found.accuracy, baseline: found.baseline!.score };
}

describe("the model of the grammar recipe", () => {
  beforeAll(() => useBackend(fusedBackendNames[0]!));

  it("has heads that look for what the next word depends on, far above any fixed offset", async () => {
    const result = await syntaxTest(await trained(), parsedTexts(200), { attends: "before" });
    const [agreement, bracket, reflexive] = (["agreement", "bracket", "reflexive"] as const).map((kind) => best(relationOf(result, kind)));
    expect(agreement).toEqual({ head: "L2·H3", accuracy: expect.closeTo(0.83, 1), baseline: expect.closeTo(0.17, 1) });
    expect(bracket).toEqual({ head: "L1·H0", accuracy: expect.closeTo(0.96, 1), baseline: expect.closeTo(0.4, 1) });
    expect(reflexive).toEqual({ head: "L0·H2", accuracy: expect.closeTo(0.96, 1), baseline: expect.closeTo(0.14, 1) });
  });

  it("agrees less without the head that looks for the subject, and not without a random head", async () => {
    const result = await syntaxTest(await trained(), parsedTexts(60), { attends: "before", score: accuracyOf("agreement"), draws: 4 });
    const { score, randomHeads } = relationOf(result, "agreement").withoutBest!;
    expect(result.score).toBe(1);
    expect(score).toBeLessThan(0.85);
    expect(randomHeads!.mean).toBeGreaterThan(0.95);
    expect(score).toBeLessThan(randomHeads!.mean - 3 * randomHeads!.standardDeviation);
  });

  it("needs the head of reflexives for reflexives, but no single head for brackets", async () => {
    const reflexives = await syntaxTest(await trained(), parsedTexts(60), { attends: "before", score: accuracyOf("reflexive"), draws: 0 });
    expect(relationOf(reflexives, "reflexive").withoutBest!.score).toBeLessThan(0.9);
    expect(relationOf(reflexives, "agreement").withoutBest!.score).toBeGreaterThan(0.9);
    const brackets = await syntaxTest(await trained(), parsedTexts(60), { attends: "before", score: accuracyOf("bracket"), draws: 0 });
    expect(relationOf(brackets, "bracket").withoutBest).toMatchObject({ score: 1, randomHeads: null });
  });
});
