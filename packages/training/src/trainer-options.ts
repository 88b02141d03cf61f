import type { Tensor } from "@tensorflow/tfjs-core";
import {
  type Block,
  checkInteger,
  checkOptions,
  checkPositive,
  describeValue,
  type OptionNames,
  refuse,
  ValueError,
} from "@tfblocks/tensor-utils";
import { checkMethods } from "./checks.js";
import type { CountedLoss } from "./counted-loss.js";
import type { Optimizer } from "./optimizer.js";
import type { Schedule } from "./schedules.js";

/** What a loss may depend on besides its batch. */
export interface LossContext {
  /** For dropout: 0 .. 2^32 - 1, different for each batch, and the same when the run is repeated or resumed. */
  readonly seed: number;
  /** The current step, counted from 1. */
  readonly step: number;
}

/** The progress after a step. */
export interface TrainingProgress {
  /** Number of steps so far. */
  readonly step: number;
  /** The loss before the update, averaged over the labels of all batches of the step. */
  readonly loss: number;
  readonly learningRate: number;
  /** The norm of the gradients before clipping. */
  readonly gradNorm: number;
  /** Undefined if the number of tokens in a batch is unknown. */
  readonly tokensPerSecond: number | undefined;
}

/** Options of `Trainer`. */
export interface TrainerOptions<Batch> {
  /** Any object with parameters. */
  readonly model: Pick<Block, "parameters">;
  /**
   * The loss of one batch, a scalar, or with its number of labels, as `countedCrossEntropy` returns it. The number is
   * needed if `accumulate` > 1. The batch is borrowed.
   */
  readonly loss: (batch: Batch, context: LossContext) => Tensor | CountedLoss;
  /**
   * The batch with an index, counted from 0. It must be the same at every call, so that a run can be resumed. The
   * trainer disposes its tensors.
   */
  readonly batches: (index: number) => Batch | Promise<Batch>;
  readonly optimizer: Optimizer;
  /** Default: the optimizer's learning rate. */
  readonly schedule?: Schedule | undefined;
  /** Largest norm of all gradients as one vector; default no limit. */
  readonly clip?: number | undefined;
  /**
   * Number of batches whose gradients are averaged in one step, weighted by their number of labels, so that the step
   * equals that of one large batch; default 1.
   */
  readonly accumulate?: number | undefined;
  /** Seed of the run, an integer >= 0; default 0. */
  readonly seed?: number | undefined;
  /** The number of tokens in a batch; default the size of `batch.ids` if that is a tensor. */
  readonly countTokens?: ((batch: Batch) => number | undefined) | undefined;
}

export const trainerNames: OptionNames<TrainerOptions<unknown>> = {
  model: true,
  loss: true,
  batches: true,
  optimizer: true,
  schedule: true,
  clip: true,
  accumulate: true,
  seed: true,
  countTokens: true,
};

/** Options of `Trainer.run`. */
export interface RunOptions {
  /** The step to stop after, counted from the start of the training, even if it was resumed. */
  readonly steps: number;
  /** Stops the run after the current step, without an error. */
  readonly signal?: AbortSignal | undefined;
}

export const runNames: OptionNames<RunOptions> = { steps: true, signal: true };

/** @throws ValueError when an option is unknown, missing or outside its range */
export function checkTrainer<Batch>(operation: string, options: TrainerOptions<Batch>): void {
  const { model, loss, batches, optimizer, schedule, clip, accumulate, seed, countTokens } = checkOptions(operation, options, trainerNames);
  checkMethods(operation, "model", model, ["parameters"]);
  checkMethods(operation, "optimizer", optimizer, ["step"]);
  for (const [name, value] of Object.entries({ loss, batches, schedule: schedule ?? loss, countTokens: countTokens ?? loss })) {
    if (typeof value !== "function") refuse(ValueError, operation, name, "a function", describeValue(value));
  }
  if (clip !== undefined) checkPositive(operation, "clip", clip);
  checkInteger(operation, "accumulate", accumulate ?? 1, 1);
  checkInteger(operation, "seed", seed ?? 0, 0);
}
