import { dispose } from "@tensorflow/tfjs-core";
import { checkInteger, checkOptions, refuse, scope, ValueError } from "@tfblocks/tensor-utils";
import { type Checkpoint, loadCheckpoint, saveCheckpoint, type TrainingPosition } from "./checkpoint.js";
import { clipByKnownNorm, globalNorm } from "./global-norm.js";
import { meanGradients, readScalar } from "./mean-gradients.js";
import { constant, type Schedule } from "./schedules.js";
import { checkTrainer, runNames, type RunOptions, type TrainerOptions, type TrainingProgress } from "./trainer-options.js";
import { type Divergence, mostNorm, TrainingDiverged } from "./training-diverged.js";
import type { Gradients } from "./value-and-gradients.js";

/**
 * Trains a model step by step: gradients of `accumulate` batches, their mean over all labels, clipping, one step of the
 * optimizer.
 *
 * All random numbers derive from the seed and the index of a batch, so a run resumes from a checkpoint bit for bit.
 * The trainer borrows model and optimizer.
 */
export class Trainer<Batch> {
  readonly #options: TrainerOptions<Batch>;
  readonly #schedule: Schedule;
  #position: TrainingPosition;
  #isStepping = false;

  /** @throws ValueError when an option is unknown, missing or outside its range */
  constructor(options: TrainerOptions<Batch>) {
    checkTrainer("Trainer", options);
    this.#options = options;
    this.#schedule = options.schedule ?? constant(options.optimizer.learningRate);
    this.#position = { step: 0, batch: 0, seed: options.seed ?? 0 };
  }

  /** Number of steps so far. */
  get step(): number {
    return this.#position.step;
  }

  /**
   * Takes steps and yields the progress of each. Returns to the event loop after every step.
   *
   * @throws TrainingDiverged when the loss or a gradient is NaN or infinite; the step then has no effect
   * @throws ValueError when an option is unknown, `steps` is not an integer >= 0, another run is taking a step, the loss
   *   has no count although `accumulate` > 1, or all labels of a step are ignored. The step then has no effect
   */
  async *run(options: RunOptions): AsyncGenerator<TrainingProgress, void, undefined> {
    const { steps, signal } = checkOptions("Trainer.run", options, runNames);
    checkInteger("Trainer.run", "steps", steps, 0);
    const isDone = () => this.step >= steps || signal?.aborted === true;
    while (!isDone()) {
      yield await this.#takeStep();
      await nextTask();
    }
  }

  /** A snapshot of weights, optimizer and position; the caller owns the tensors. */
  checkpoint(): Checkpoint {
    const { model, optimizer } = this.#options;
    return saveCheckpoint({ model, optimizer }, this.#position);
  }

  /**
   * Resumes from a checkpoint, with the seed of its run. It borrows the checkpoint's tensors. Throws what
   * `loadCheckpoint` throws, and a ValueError during a step.
   */
  restore(checkpoint: Checkpoint): void {
    this.#checkIdle("Trainer.restore");
    const { model, optimizer } = this.#options;
    this.#position = loadCheckpoint({ model, optimizer }, checkpoint);
  }

  async #takeStep(): Promise<TrainingProgress> {
    this.#checkIdle("Trainer.run"); // two steps at once would update the parameters twice and count once
    this.#isStepping = true;
    try {
      const started = performance.now();
      const { batch, seed } = this.#position;
      const step = this.#position.step + 1;
      const learningRate = this.#schedule(step);
      const { gradients, loss, tokens } = await meanGradients(this.#options, { step, learningRate, firstBatch: batch, seed });
      const gradNorm = await this.#update(gradients, { step, learningRate, loss });
      this.#position = { step, batch: batch + (this.#options.accumulate ?? 1), seed };
      const seconds = (performance.now() - started) / 1000;
      return { step, loss, learningRate, gradNorm, tokensPerSecond: tokens === undefined ? undefined : tokens / seconds };
    } finally {
      this.#isStepping = false;
    }
  }

  /** Clips gradients, updates the parameters and disposes the gradients. @returns the norm before clipping */
  async #update(gradients: Gradients, progress: Omit<Divergence, "gradNorm">): Promise<number> {
    const { model, optimizer, clip = Infinity } = this.#options;
    const { learningRate } = progress;
    try {
      const gradNorm = await readScalar(globalNorm(gradients));
      if (!(Math.min(gradNorm, clip) < mostNorm && Number.isFinite(gradNorm))) throw new TrainingDiverged({ ...progress, gradNorm });
      scope(() => optimizer.step(model.parameters(), clipByKnownNorm(gradients, gradNorm, clip), { learningRate }));
      return gradNorm;
    } finally {
      dispose(gradients);
    }
  }

  #checkIdle(operation: string): void {
    if (!this.#isStepping) return;
    refuse(ValueError, operation, "trainer", "between two steps", "one that is taking a step", "wait for the other run");
  }
}

/** Waits for the next task, not only the next microtask, so that timers, messages and input events run. */
function nextTask(): Promise<void> {
  return new Promise((resolve) => {
    setTimeout(resolve);
  });
}
