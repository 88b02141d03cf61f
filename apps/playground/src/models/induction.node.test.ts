import { fileURLToPath } from "node:url";
import { headLabel, type InductionHead } from "@tfblocks/analysis/models";
import { fusedBackendNames, useBackend } from "@tfblocks/testkit";
import type { LanguageModel } from "@tfblocks/transformer";
import { loadFolder } from "@tfblocks/transformer/hugging-face/node";
import { inductionExperiment, type InductionExperiment } from "@tfblocks/zoo";
import { beforeAll, describe, expect, it } from "vitest";

const names = (heads: readonly Pick<InductionHead, "attention" | "head">[]): string[] => heads.map(headLabel);

describe("the model of the induction recipe", () => {
  let found: InductionExperiment;

  beforeAll(async () => {
    await useBackend(fusedBackendNames[0]!);
    const { model } = await loadFolder(fileURLToPath(new URL("../../public/models/induction", import.meta.url)));
    found = await inductionExperiment(model as LanguageModel);
    model.dispose();
  }, 60_000);

  it("has the two heads of an induction circuit, which are labelled", () => {
    const { heads, losses, advantage } = found.trained;
    expect(names(heads.filter(({ isPreviousToken }) => isPreviousToken))).toEqual(["L0·H0"]);
    expect(names(heads.filter(({ isInduction }) => isInduction))).toEqual(["L1·H0", "L1·H1", "L1·H2", "L1·H3"]);
    expect(heads[0]!.previousToken).toBeCloseTo(0.47, 1);
    for (const { prefixMatching, isInduction } of heads) {
      if (isInduction) expect(prefixMatching).toBeGreaterThan(0.8);
      else expect(prefixMatching).toBeLessThan(0.01);
    }
    expect(losses.last).toBeLessThan(0.01);
    expect(advantage).toBeCloseTo(4.2, 1);
  });

  it("cannot repeat without its induction heads, and repeats again when their outputs are patched", () => {
    const { withoutInduction, patched } = found.trained;
    expect(withoutInduction!.advantage).toBeLessThan(0); // from 4.2 nats
    expect(withoutInduction!.randomHeads).toMatchObject({ draws: 1 }); // the only other four heads are layer 0, which they read
    expect(patched).toMatchObject({ clean: expect.closeTo(0.002, 2), corrupt: expect.closeTo(7.8, 0) });
    expect(patched!.restored).toBeGreaterThan(0.99);
  });

  it("loses more without its previous-token head than without another head", () => {
    const { advantage, randomHeads } = found.trained.withoutPreviousToken!;
    expect(advantage).toBeLessThan(2.3); // from 4.2 nats
    expect(randomHeads).toEqual({ mean: expect.closeTo(3.9, 0), standardDeviation: expect.closeTo(0.6, 0), draws: 7 });
    expect(advantage).toBeLessThan(randomHeads!.mean - 2 * randomHeads!.standardDeviation);
  });

  it("gets its labels from training: random weights have none", () => {
    expect(found.untrained.map(({ seed, labelled }) => [seed, labelled])).toEqual([
      [0, []],
      [1, []],
      [2, []],
    ]);
    for (const { advantage } of found.untrained) expect(Math.abs(advantage)).toBeLessThan(0.1);
  });
});
