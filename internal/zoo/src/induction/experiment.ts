import { type HeadName, inductionTest, type InductionTest } from "@tfblocks/analysis/models";
import { Random } from "@tfblocks/tensor-utils";
import type { LanguageModel } from "@tfblocks/transformer";
import type { ExperimentProgress } from "../recipe.js";
import { induction } from "./induction.js";

/** What `inductionTest` says about untrained weights. */
export interface UntrainedInduction {
  /** The seed of the weights. */
  readonly seed: number;
  /** Loss of the first copy − loss of the second one, in nats: near 0. */
  readonly advantage: number;
  /** The heads with the label "induction" or "previous token": none. */
  readonly labelled: readonly HeadName[];
}

/** The result of {@link inductionExperiment}; plain JSON. */
export interface InductionExperiment {
  readonly trained: InductionTest;
  readonly untrained: readonly UntrainedInduction[];
}

/** The recipe draws periods from 12 to 24. */
const options = { period: 18, sequences: 16 };
const untrainedSeeds = [0, 1, 2];

/**
 * Tests whether a model of the recipe has an induction circuit, and whether untrained weights have none.
 *
 * @throws ValueError when the vocabulary or the context of the model is too small
 */
export async function inductionExperiment(model: LanguageModel, onProgress: ExperimentProgress = () => {}): Promise<InductionExperiment> {
  await onProgress("trained weights", 1, 1);
  const trained = await inductionTest(model, options);
  const untrained: UntrainedInduction[] = [];
  for (const seed of untrainedSeeds) {
    await onProgress("untrained weights", untrained.length + 1, untrainedSeeds.length);
    untrained.push(await untrainedInduction(seed));
  }
  return { trained, untrained };
}

async function untrainedInduction(seed: number): Promise<UntrainedInduction> {
  const model = induction.build(new Random(seed));
  try {
    const { advantage, heads } = await inductionTest(model, options);
    const labelled = heads.filter(({ isInduction, isPreviousToken }) => isInduction || isPreviousToken);
    return { seed, advantage, labelled: labelled.map(({ attention, head }) => ({ attention, head })) };
  } finally {
    model.dispose();
  }
}
