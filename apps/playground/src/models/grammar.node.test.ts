import { fileURLToPath } from "node:url";
import { headLabel } from "@tfblocks/analysis/models";
import { fusedBackendNames, useBackend } from "@tfblocks/testkit";
import type { LanguageModel } from "@tfblocks/transformer";
import { loadFolder } from "@tfblocks/transformer/hugging-face/node";
import { grammarExperiment, type GrammarRelation } from "@tfblocks/zoo";
import { beforeAll, describe, expect, it } from "vitest";

describe("the model of the grammar recipe", () => {
  let of: Record<GrammarRelation["kind"], GrammarRelation>;

  beforeAll(async () => {
    await useBackend(fusedBackendNames[0]!);
    const { model } = await loadFolder(fileURLToPath(new URL("../../public/models/grammar", import.meta.url)));
    const { relations } = await grammarExperiment(model as LanguageModel);
    of = Object.fromEntries(relations.map((relation) => [relation.kind, relation])) as typeof of;
    model.dispose();
  }, 60_000);

  it("has heads that look for what the next word depends on, far above any fixed offset", () => {
    const shown = ({ best }: GrammarRelation) => ({ head: headLabel(best!), accuracy: best!.accuracy, baseline: best!.baseline!.score });
    expect(shown(of.agreement)).toEqual({ head: "L2·H3", accuracy: expect.closeTo(0.83, 1), baseline: expect.closeTo(0.17, 1) });
    expect(shown(of.bracket)).toEqual({ head: "L1·H0", accuracy: expect.closeTo(0.96, 1), baseline: expect.closeTo(0.4, 1) });
    expect(shown(of.reflexive)).toEqual({ head: "L0·H2", accuracy: expect.closeTo(0.96, 1), baseline: expect.closeTo(0.14, 1) });
  });

  it("agrees less without the head that looks for the subject, and not without a random head", () => {
    const { score, randomHeads } = of.agreement.withoutBestOf.agreement!;
    expect(of.agreement.score).toBe(1);
    expect(score).toBeLessThan(0.85);
    expect(randomHeads!.mean).toBeGreaterThan(0.95);
    expect(score).toBeLessThan(randomHeads!.mean - 3 * randomHeads!.standardDeviation);
  });

  it("needs the head of reflexives for reflexives, but no single head for brackets", () => {
    expect(of.reflexive.withoutBestOf.reflexive!.score).toBeLessThan(0.9);
    expect(of.reflexive.withoutBestOf.agreement!.score).toBeGreaterThan(0.9);
    expect(of.bracket.withoutBestOf.bracket!.score).toBe(1);
  });
});
