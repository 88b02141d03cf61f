import type { Tensor } from "@tensorflow/tfjs-core";
import {
  type Block,
  checkInteger,
  checkNumber,
  checkObject,
  checkUnknown,
  describeValue,
  isPositive,
  refuse,
  ValueError,
} from "@tfblocks/tensor-utils";
import { checkMethods } from "./check-methods.js";
import type { Optimizer } from "./optimizer.js";
import type { Schedule } from "./schedules.js";

/** What the loss of a batch may depend on beside the batch. */
export interface LossContext {
  /** For dropout: 0 .. 2^32 - 1, another one for each batch, the same whenever the run is repeated or resumed. */
  readonly seed: number;
  /** The step that is being taken, counted from 1. */
  readonly step: number;
}

/** What a step did. */
export interface TrainingProgress {
  /** Steps taken so far. */
  readonly step: number;
  /** Before the step; the mean over its batches. */
  readonly loss: number;
  readonly learningRate: number;
  /** Before clipping. */
  readonly gradNorm: number;
  /** Undefined where nothing counts the tokens of a batch. */
  readonly tokensPerSecond: number | undefined;
}

/** What a {@link Trainer} is made of. */
export interface TrainerOptions<Batch> {
  /** Whatever has parameters. */
  readonly model: Pick<Block, "parameters">;
  /** The loss of one batch, a scalar; the batch is borrowed. */
  readonly loss: (batch: Batch, context: LossContext) => Tensor;
  /** The batch of an index, counted from 0; the same at every call, so that a run can be resumed. Its tensors become the trainer's. */
  readonly batches: (index: number) => Batch | Promise<Batch>;
  readonly optimizer: Optimizer;
  /** Default: the optimizer's learning rate. */
  readonly schedule?: Schedule | undefined;
  /** Largest norm of all gradients together; default none. */
  readonly clip?: number | undefined;
  /** Batches whose gradients are averaged to one step; default 1. */
  readonly accumulate?: number | undefined;
  /** Of the whole run, any integer from 0; default 0. */
  readonly seed?: number | undefined;
  /** Default: the size of `batch.ids`, where that is a tensor. */
  readonly countTokens?: ((batch: Batch) => number | undefined) | undefined;
}

/** Options of {@link Trainer.run}. */
export interface RunOptions {
  /** The step to stop after, counted from the start of the training, not from where it was resumed. */
  readonly steps: number;
  /** Stops after the step that is being taken; nothing is thrown. */
  readonly signal?: AbortSignal | undefined;
}

const operation = "Trainer";

/** @throws ValueError when an option is unknown, missing or out of its range */
export function checkTrainer<Batch>(options: TrainerOptions<Batch>): void {
  const { model, loss, batches, optimizer, schedule, clip, accumulate, seed, countTokens, ...unknown } = checkObject(
    operation,
    "options",
    options,
  );
  checkUnknown(operation, "options", unknown);
  checkMethods(operation, "model", model, ["parameters"]);
  checkMethods(operation, "optimizer", optimizer, ["step"]);
  for (const [name, value] of Object.entries({ loss, batches, schedule: schedule ?? loss, countTokens: countTokens ?? loss })) {
    if (typeof value !== "function") refuse(ValueError, operation, name, "a function", describeValue(value));
  }
  if (clip !== undefined) checkNumber(operation, "clip", "a positive number", clip, isPositive);
  checkInteger(operation, "accumulate", accumulate ?? 1, 1);
  checkInteger(operation, "seed", seed ?? 0, 0);
}
