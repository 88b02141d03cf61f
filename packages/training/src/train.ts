import { dispose } from "@tensorflow/tfjs-core";
import { checkInteger, checkOptions, type OptionNames } from "@tfblocks/tensor-utils";
import { checkMethods } from "./checks.js";
import type { CheckpointFormat, CheckpointStore } from "./checkpoint-store.js";
import { safetensorsFormat } from "./safetensors-format.js";
import { Trainer } from "./trainer.js";
import { checkTrainer, runNames, type RunOptions, trainerNames, type TrainerOptions, type TrainingProgress } from "./trainer-options.js";

/** Where and how often to save checkpoints. */
export interface CheckpointOptions {
  readonly store: CheckpointStore;
  /** Default {@link safetensorsFormat}. */
  readonly format?: CheckpointFormat;
  /** Number of steps between checkpoints; default: one checkpoint, at the end. */
  readonly every?: number;
}

/** Options of {@link train}. */
export interface TrainOptions<Batch> extends TrainerOptions<Batch>, RunOptions {
  /** Called and awaited after every step. */
  readonly onProgress?: ((progress: TrainingProgress) => void | Promise<void>) | undefined;
  /** Default: no checkpoints. */
  readonly checkpoint?: CheckpointOptions | undefined;
}

const checkpointNames: OptionNames<CheckpointOptions> = { store: true, format: true, every: true };
const trainNames: OptionNames<TrainOptions<unknown>> = { ...trainerNames, ...runNames, onProgress: true, checkpoint: true };

/**
 * Trains a model up to step `steps` with a {@link Trainer}, and saves checkpoints.
 *
 * If the store holds a checkpoint, training resumes from it bit for bit, with the seed of its run. The last step is
 * always saved, also when the signal stopped the run.
 *
 * @returns the progress after the last step; undefined if the checkpoint had reached `steps`
 * @throws TrainingDiverged when the loss or a gradient is NaN or infinite. Parameters are then as after the previous
 *   step, and the store holds the last checkpoint
 * @throws ValueError when an option is unknown, missing or outside its range
 */
export async function train<Batch>(options: TrainOptions<Batch>): Promise<TrainingProgress | undefined> {
  const { steps, signal, onProgress, checkpoint, ...others } = checkOptions("train", options, trainNames);
  checkTrainer("train", others);
  checkInteger("train", "steps", steps, 0);
  const checkpointOptions = checkpoint === undefined ? undefined : checkCheckpoint(checkpoint);
  const trainer = new Trainer(others);
  const saver = checkpointOptions && new Saver(trainer, checkpointOptions);
  await saver?.restore();
  let last: TrainingProgress | undefined;
  for await (last of trainer.run({ steps, signal })) {
    await onProgress?.(last);
    await saver?.saveEvery();
  }
  await saver?.save();
  return last;
}

function checkCheckpoint(options: CheckpointOptions): Required<CheckpointOptions> {
  const { store, format = safetensorsFormat, every = Infinity } = checkOptions("train", options, checkpointNames, "checkpoint option");
  checkMethods("train", "checkpoint.store", store, ["save", "load"]);
  checkMethods("train", "checkpoint.format", format, ["write", "read"]);
  if (every !== Infinity) checkInteger("train", "checkpoint.every", every, 1);
  return { store, format, every };
}

/** Saves the checkpoints of a trainer. */
class Saver<Batch> {
  readonly #trainer: Trainer<Batch>;
  readonly #options: Required<CheckpointOptions>;
  #saved = 0;

  constructor(trainer: Trainer<Batch>, options: Required<CheckpointOptions>) {
    this.#trainer = trainer;
    this.#options = options;
  }

  async restore(): Promise<void> {
    const { store, format } = this.#options;
    const bytes = await store.load();
    if (bytes === undefined) return;
    const checkpoint = await format.read(bytes);
    try {
      this.#trainer.restore(checkpoint);
    } finally {
      dispose(checkpoint.state);
    }
    this.#saved = this.#trainer.step;
  }

  async saveEvery(): Promise<void> {
    if (this.#trainer.step % this.#options.every === 0) await this.save();
  }

  async save(): Promise<void> {
    if (this.#trainer.step === this.#saved) return;
    const { store, format } = this.#options;
    const checkpoint = this.#trainer.checkpoint();
    try {
      await store.save(await format.write(checkpoint));
    } finally {
      dispose(checkpoint.state);
    }
    this.#saved = this.#trainer.step;
  }
}
