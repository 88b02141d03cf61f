import { dispose } from "@tensorflow/tfjs-core";
import { checkInteger, checkObject, checkUnknown } from "@tfblocks/tensor-utils";
import { checkMethods } from "./check-methods.js";
import type { CheckpointFormat, CheckpointStore } from "./checkpoint-store.js";
import { safetensorsFormat } from "./safetensors-format.js";
import { Trainer } from "./trainer.js";
import type { RunOptions, TrainerOptions, TrainingProgress } from "./trainer-options.js";

/** Where and how often a training is saved. */
export interface CheckpointOptions {
  readonly store: CheckpointStore;
  /** Default {@link safetensorsFormat}. */
  readonly format?: CheckpointFormat;
  /** Steps from one checkpoint to the next; default: only at the end. */
  readonly every?: number;
}

/** Options of {@link train}. */
export interface TrainOptions<Batch> extends TrainerOptions<Batch>, RunOptions {
  /** Called, and waited for, after every step. */
  readonly onProgress?: ((progress: TrainingProgress) => void | Promise<void>) | undefined;
  /** Default: nothing is saved. */
  readonly checkpoint?: CheckpointOptions | undefined;
}

/**
 * Trains a model: {@link Trainer} from the first step to `steps`, with checkpoints.
 *
 * A store that holds a checkpoint is gone on from, bit for bit, with the seed of that run. The last step is saved too,
 * whether it is `steps` or the one that the signal stopped after.
 *
 * @returns the last step's progress; undefined when no step was left to take
 * @throws TrainingDiverged when the loss or a gradient is NaN or infinite; parameters are as of the step before, and
 *   the store keeps its last checkpoint
 * @throws ValueError when an option is unknown, missing or out of its range
 */
export async function train<Batch>(options: TrainOptions<Batch>): Promise<TrainingProgress | undefined> {
  const { steps, signal, onProgress, checkpoint, ...parts } = checkObject("train", "options", options);
  const saving = checkpoint === undefined ? undefined : checkCheckpoint(checkpoint);
  const trainer = new Trainer(parts);
  const saver = saving && new Saver(trainer, saving);
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
  const { store, format = safetensorsFormat, every = Infinity, ...unknown } = checkObject("train", "checkpoint", options);
  checkUnknown("train", "checkpoint", unknown);
  checkMethods("train", "checkpoint.store", store, ["save", "load"]);
  checkMethods("train", "checkpoint.format", format, ["write", "read"]);
  if (every !== Infinity) checkInteger("train", "checkpoint.every", every, 1);
  return { store, format, every };
}

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
