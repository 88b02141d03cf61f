import { dispose, Tensor, type TensorContainer } from "@tensorflow/tfjs-core";
import { Random } from "@tfblocks/tensor-utils";
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

/** Means over the batches of a step. */
export interface MeanGradients {
  /** The caller owns the tensors. */
  readonly gradients: Gradients;
  readonly loss: number;
  /** The number of tokens in all batches; undefined if a batch has none. */
  readonly tokens: number | undefined;
}

/**
 * The mean gradients and loss of the `accumulate` batches of a step.
 *
 * @throws TrainingDiverged at the first batch whose loss is not finite
 */
export async function meanGradients<Batch>(options: TrainerOptions<Batch>, context: StepContext): Promise<MeanGradients> {
  const { accumulate = 1 } = options;
  const { step, learningRate, firstBatch } = context;
  const total = new GradientAccumulator();
  let [loss, tokens]: [number, number | undefined] = [0, 0];
  try {
    for (let index = firstBatch; index < firstBatch + accumulate; index++) {
      const batch = await addBatch(options, context, index, total);
      if (!Number.isFinite(batch.loss)) throw new TrainingDiverged({ step, learningRate, loss: batch.loss, gradNorm: NaN });
      loss += batch.loss / accumulate;
      tokens = tokens === undefined || batch.tokens === undefined ? undefined : tokens + batch.tokens;
    }
    return { gradients: total.mean(), loss, tokens };
  } finally {
    total.dispose();
  }
}

/** Adds the gradients of one batch to a total. */
async function addBatch<Batch>(
  { model, loss, batches, countTokens = sizeOfIds }: TrainerOptions<Batch>,
  { step, seed }: StepContext,
  index: number,
  total: GradientAccumulator,
): Promise<{ readonly loss: number; readonly tokens: number | undefined }> {
  const batch = await batches(index);
  try {
    const context = { step, seed: new Random(seed).split(index).uint32() };
    const { value, gradients } = valueAndGradients(model.parameters(), () => loss(batch, context));
    total.add(gradients);
    dispose(gradients);
    return { loss: await readScalar(value), tokens: countTokens(batch) };
  } finally {
    dispose(batch as TensorContainer);
  }
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
