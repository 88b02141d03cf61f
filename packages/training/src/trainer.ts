import { dispose, mul, Tensor, type TensorContainer } from "@tensorflow/tfjs-core";
import { checkInteger, checkObject, checkUnknown, Random, refuse, scope, ValueError } from "@tfblocks/tensor-utils";
import { type Checkpoint, loadCheckpoint, saveCheckpoint } from "./checkpoint.js";
import { globalNorm } from "./global-norm.js";
import { GradientAccumulator } from "./gradient-accumulator.js";
import type { Gradients } from "./gradients.js";
import { constant, type Schedule } from "./schedules.js";
import { checkTrainer, type RunOptions, type TrainerOptions, type TrainingProgress } from "./trainer-options.js";
import { TrainingDiverged } from "./training-diverged.js";
import { valueAndGradients } from "./value-and-gradients.js";

/**
 * Trains a model step by step: gradients of `accumulate` batches, their mean, clipping, one step of the optimizer.
 *
 * All that is random comes from the seed and the index of a batch, so that a checkpoint goes on bit for bit.
 * Model and optimizer are borrowed.
 */
export class Trainer<Batch> {
  readonly #options: TrainerOptions<Batch>;
  readonly #schedule: Schedule;
  #step = 0;
  #batch = 0;
  #seed: number;
  #isStepping = false;

  /** @throws ValueError when an option is unknown, missing or out of its range */
  constructor(options: TrainerOptions<Batch>) {
    checkTrainer(options);
    this.#options = options;
    this.#schedule = options.schedule ?? constant(options.optimizer.learningRate);
    this.#seed = options.seed ?? 0;
  }

  /** Steps taken. */
  get step(): number {
    return this.#step;
  }

  /**
   * Takes steps and tells of each; the event loop gets its turn after every one.
   *
   * @throws TrainingDiverged when the loss or a gradient is NaN or infinite; that step is not taken
   * @throws ValueError when an option is unknown, `steps` no integer >= 0, or another run is taking a step
   */
  async *run(options: RunOptions): AsyncGenerator<TrainingProgress, void, undefined> {
    const { steps, signal, ...unknown } = checkObject("Trainer.run", "options", options);
    checkUnknown("Trainer.run", "options", unknown);
    checkInteger("Trainer.run", "steps", steps, 0);
    const isDone = () => this.#step >= steps || signal?.aborted === true;
    while (!isDone()) {
      yield await this.#takeOneStep();
      await nextTask();
    }
  }

  /** A snapshot of weights, optimizer and position, of the caller's own. */
  checkpoint(): Checkpoint {
    return saveCheckpoint(this.#options, { step: this.#step, batch: this.#batch, seed: this.#seed });
  }

  /**
   * Goes on from a checkpoint, with its seed; its tensors stay the caller's. Throws as `loadCheckpoint`, and a ValueError
   * while a step is being taken.
   */
  restore(checkpoint: Checkpoint): void {
    this.#checkIdle("Trainer.restore");
    const { step, batch, seed } = loadCheckpoint(this.#options, checkpoint);
    this.#step = step;
    this.#batch = batch;
    this.#seed = seed;
  }

  /** Two at once would move the parameters twice and count one step. */
  async #takeOneStep(): Promise<TrainingProgress> {
    this.#checkIdle("Trainer.run");
    this.#isStepping = true;
    try {
      return await this.#takeStep();
    } finally {
      this.#isStepping = false;
    }
  }

  #checkIdle(operation: string): void {
    if (!this.#isStepping) return;
    refuse(ValueError, operation, "trainer", "between two steps", "one that is taking a step", "wait for the run that takes it");
  }

  async #takeStep(): Promise<TrainingProgress> {
    const started = performance.now();
    const { model, optimizer, accumulate = 1 } = this.#options;
    const step = this.#step + 1;
    const learningRate = this.#schedule(step);
    const { gradients, loss, tokens } = await this.#meanOfBatches(step, learningRate);
    try {
      const gradNorm = await read(globalNorm(gradients));
      if (!Number.isFinite(gradNorm)) throw new TrainingDiverged({ step, learningRate, loss, gradNorm });
      scope(() => optimizer.step(model.parameters(), this.#clipped(gradients, gradNorm), { learningRate }));
      this.#step = step;
      this.#batch += accumulate;
      const seconds = (performance.now() - started) / 1000;
      return { step, loss, learningRate, gradNorm, tokensPerSecond: tokens === undefined ? undefined : tokens / seconds };
    } finally {
      dispose(gradients);
    }
  }

  async #meanOfBatches(step: number, learningRate: number): Promise<MeanOfBatches> {
    const { accumulate = 1 } = this.#options;
    const total = new GradientAccumulator();
    let [loss, tokens]: [number, number | undefined] = [0, 0];
    try {
      for (let index = this.#batch; index < this.#batch + accumulate; index++) {
        const part = await this.#addBatch(index, step, total);
        if (!Number.isFinite(part.loss)) throw new TrainingDiverged({ step, learningRate, loss: part.loss, gradNorm: NaN });
        loss += part.loss / accumulate;
        tokens = tokens === undefined || part.tokens === undefined ? undefined : tokens + part.tokens;
      }
      return { gradients: total.mean(), loss, tokens };
    } finally {
      total.dispose();
    }
  }

  async #addBatch(index: number, step: number, total: GradientAccumulator): Promise<{ loss: number; tokens: number | undefined }> {
    const { model, loss, batches, countTokens = sizeOfIds } = this.#options;
    const batch = await batches(index);
    try {
      const context = { step, seed: new Random(this.#seed).split(index).uint32() };
      const { value, gradients } = valueAndGradients(model.parameters(), () => loss(batch, context));
      total.add(gradients);
      dispose(gradients);
      return { loss: await read(value), tokens: countTokens(batch) };
    } finally {
      dispose(batch as TensorContainer);
    }
  }

  /** By the factor of `clipByGlobalNorm`, from a norm that is known already. */
  #clipped(gradients: Gradients, norm: number): Gradients {
    const { clip } = this.#options;
    if (clip === undefined || norm <= clip) return gradients;
    return Object.fromEntries(Object.entries(gradients).map(([name, each]) => [name, mul(each, clip / (norm + 1e-6))]));
  }
}

interface MeanOfBatches {
  readonly gradients: Gradients;
  readonly loss: number;
  readonly tokens: number | undefined;
}

function sizeOfIds(batch: unknown): number | undefined {
  const ids = (batch as { ids?: unknown } | undefined)?.ids;
  return ids instanceof Tensor ? ids.size : undefined;
}

async function read(tensor: Tensor): Promise<number> {
  try {
    return (await tensor.data())[0]!;
  } finally {
    tensor.dispose();
  }
}

/** Lets timers, messages and clicks in: the next task, not the next microtask. */
function nextTask(): Promise<void> {
  return new Promise((resolve) => {
    setTimeout(resolve);
  });
}
