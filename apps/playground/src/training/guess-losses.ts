import type { Tensor } from "@tensorflow/tfjs-core";
import type { Batch } from "@tfblocks/zoo";
import type { TrainingPlan } from "./training-plan.js";

const countedBatches = 8;

/** The losses of two ways to guess without looking at the input, in nats. */
export interface GuessLosses {
  /** Every token alike: ln(vocabSize). */
  readonly uniformLoss: number;
  /**
   * Every token by its frequency among the labels of the first batches, counted once more than it occurs; measured on held-out labels.
   */
  readonly frequencyLoss: number;
}

export async function guessLosses(plan: TrainingPlan, seed: number): Promise<GuessLosses> {
  const { vocabSize } = plan.tokenizer;
  const counts = new Float64Array(vocabSize).fill(1);
  for (let index = 0; index < countedBatches; index++) {
    for (const label of await labelsOf(plan.batch(index, seed, plan.batchSize))) counts[label]!++;
  }
  const total = counts.reduce((sum, count) => sum + count, 0);
  const heldOut = await labelsOf(plan.heldOutBatch({ count: 64, seed }));
  const loss = heldOut.reduce((sum, label) => sum - Math.log(counts[label]! / total), 0) / heldOut.length;
  return { uniformLoss: Math.log(vocabSize), frequencyLoss: loss };
}

/** The labels of a batch that count. It disposes the batch. */
async function labelsOf(batch: Batch): Promise<number[]> {
  const labels = await batch.labels.data();
  for (const tensor of Object.values(batch) as Tensor[]) tensor.dispose();
  return Array.from(labels).filter((label) => label >= 0);
}
