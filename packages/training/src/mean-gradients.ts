import { dispose, Tensor, type TensorContainer } from "@tensorflow/tfjs-core";
import { Random, refuse, ValueError } from "@tfblocks/tensor-utils";
import { checkCount } from "./checks.js";
import { checkIsCounted, partsOf } from "./counted-loss.js";
import { GradientAccumulator } from "./gradient-accumulator.js";
import type { TrainerOptions } from "./trainer-options.js";
import { TrainingDiverged } from "./training-diverged.js";
import { type Gradients, valueAndGradients } from "./value-and-gradients.js";

/** The step that gradients are computed for. */
export interface StepContext {
  /** Counted from 1. */
  readonly step: number;
  readonly learningRate: number;
  /** The index of the first batch of the step. */
  readonly firstBatch: number;
  /** The seed of the run. */
  readonly seed: number;
}

/** Means over the labels of all batches of a step. */
export interface MeanGradients {
  /** The caller owns the tensors. */
  readonly gradients: Gradients;
  readonly loss: number;
  /** The number of tokens in all batches; undefined if a batch has none. */
  readonly tokens: number | undefined;
}

/** One batch of a step. */
interface BatchResult {
  readonly loss: number;
  /** The number of labels that the loss is the mean over; 1 if the loss has no count, which is only allowed for a single batch. */
  readonly count: number;
  readonly tokens: number | undefined;
}

/**
 * The mean gradients and loss of the `accumulate` batches of a step, weighted by their number of labels.
 *
 * @throws TrainingDiverged at the first batch that has labels and whose loss is not finite
 * @throws ValueError when the loss has no count although `accumulate` > 1, or no batch has a label
 */
export async function meanGradients<Batch>(options: TrainerOptions<Batch>, context: StepContext): Promise<MeanGradients> {
  const { accumulate = 1 } = options;
  const { step, learningRate, firstBatch } = context;
  const total = new GradientAccumulator();
  const results: BatchResult[] = [];
  try {
    for (let index = firstBatch; index < firstBatch + accumulate; index++) {
      const { loss, count, tokens } = await addBatch(options, context, index, total);
      if (count > 0 && !Number.isFinite(loss)) throw new TrainingDiverged({ step, learningRate, loss, gradNorm: NaN });
      results.push({ loss, count, tokens });
    }
    const loss = meanLoss(step, results); // first: it says what is wrong if there are no labels
    return { gradients: total.mean(), loss, tokens: totalTokens(results) };
  } finally {
    total.dispose();
  }
}

/** Σ countᵢ · lossᵢ / Σ countᵢ; of equal counts, Σ lossᵢ / n to the last bit. */
function meanLoss(step: number, results: readonly BatchResult[]): number {
  const counted = results.filter(({ count }) => count > 0);
  const total = counted.reduce((sum, { count }) => sum + count, 0);
  if (total > 0) return counted.reduce((sum, { loss, count }) => sum + loss / (total / count), 0);
  const received = `none in ${results.length === 1 ? "its batch" : `${results.length} batches`}`;
  const advice = "leave out batches in which all labels are ignored";
  return refuse(ValueError, "train", `labels of step ${step}`, "at least one that is not ignored", received, advice);
}

function totalTokens(results: readonly BatchResult[]): number | undefined {
  return results.reduce<number | undefined>((sum, { tokens }) => (sum === undefined || tokens === undefined ? undefined : sum + tokens), 0);
}

/** Adds the gradients of one batch to a total. */
async function addBatch<Batch>(
  { model, loss, batches, accumulate = 1, countTokens = sizeOfIds }: TrainerOptions<Batch>,
  { step, seed }: StepContext,
  index: number,
  total: GradientAccumulator,
): Promise<BatchResult> {
  const batch = await batches(index);
  try {
    const context = { step, seed: new Random(seed).split(index).uint32() };
    const { value, gradients, count } = valueAndGradients(model.parameters(), () => {
      const result = loss(batch, context);
      checkIsCounted("train", accumulate, partsOf(result));
      return result;
    });
    try {
      const labels = await readCount(count);
      total.add(gradients, labels);
      return { loss: await readScalar(value), count: labels, tokens: countTokens(batch) };
    } finally {
      dispose([value, gradients] as TensorContainer);
    }
  } finally {
    dispose(batch as TensorContainer);
  }
}

/** The count of a loss, which it disposes if it is a tensor. */
async function readCount(count: Tensor | number | undefined = 1): Promise<number> {
  const value = typeof count === "number" ? count : await readScalar(count);
  checkCount("train", value);
  return value;
}

function sizeOfIds(batch: unknown): number | undefined {
  const ids = (batch as { ids?: unknown } | undefined)?.ids;
  return ids instanceof Tensor ? ids.size : undefined;
}

/** The value of a scalar, which it disposes. */
export async function readScalar(tensor: Tensor): Promise<number> {
  try {
    return (await tensor.data())[0]!;
  } finally {
    tensor.dispose();
  }
}
