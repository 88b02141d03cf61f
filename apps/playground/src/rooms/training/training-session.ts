import { memory } from "@tensorflow/tfjs-core";
import { type Recipe, recipeOf, trainRecipe, type ZooModel } from "@tfblocks/zoo";
import { describeModel, type OpenModel } from "../../models/open-model.js";
import { Gate } from "./gate.js";
import type { LossPoint, SessionEvent, TrainingOrder } from "./session-event.js";
import { takeSnapshot } from "./snapshot.js";

/** Number of snapshots in a training. */
const snapshots = 20;
/** Number of held-out examples of each kind that a snapshot is evaluated on. */
const evaluated = 24;
/** Milliseconds between two reports. */
const reportPause = 120;

/** One training. The model is built at the start and stays in memory until the session is left. */
export class TrainingSession {
  readonly recipe: Recipe;
  readonly #order: TrainingOrder;
  readonly #report: (event: SessionEvent) => void;
  readonly #stop = new AbortController();
  readonly #gate = new Gate();
  #opened: OpenModel | undefined;
  #running = false;
  #left = false;
  #points: LossPoint[] = [];
  #reportedAt = 0;

  constructor(order: TrainingOrder, report: (event: SessionEvent) => void) {
    this.recipe = recipeOf(order.recipe);
    this.#order = order;
    this.#report = report;
  }

  /** The current model; undefined before it is built and after the session is left. */
  get model(): ZooModel | undefined {
    return this.#left ? undefined : this.#opened?.model;
  }

  /** Trains until the last step or until stopped. @throws the errors of `trainRecipe` */
  async run(): Promise<void> {
    const { steps, seed } = this.#order;
    const every = Math.max(1, Math.ceil(steps / snapshots));
    this.#running = true;
    try {
      await trainRecipe(this.#recipeWithModel(), {
        steps,
        seed,
        signal: this.#stop.signal,
        onProgress: async ({ step, loss, learningRate, tokensPerSecond = 0 }) => {
          this.#points.push({ step, loss });
          if (step === steps || performance.now() - this.#reportedAt > reportPause) this.#reportSteps(learningRate, tokensPerSecond);
          if (step % every === 0 || step === steps) await this.#snapshot(step);
          await this.#gate.pass();
        },
      });
      this.#report({ type: "ended", finished: !this.#stop.signal.aborted });
    } finally {
      this.#running = false;
      if (this.#left) this.#opened?.close();
    }
  }

  pause(): void {
    this.#gate.close();
  }

  resume(): void {
    this.#gate.open();
  }

  /** Stops after the current step; the model stays. */
  stop(): void {
    this.#stop.abort();
    this.#gate.open();
  }

  /** Stops and frees the model. */
  leave(): void {
    this.#left = true;
    this.stop();
    if (!this.#running) this.#opened?.close();
  }

  /** The recipe, with a `build` that stores the model in the session. */
  #recipeWithModel(): Recipe {
    return {
      ...this.recipe,
      build: (random) => {
        const before = memory().numTensors;
        const model = this.recipe.build(random);
        this.#opened = describeModel({
          name: this.recipe.name,
          model,
          tokenizer: this.recipe.tokenizer,
          held: memory().numTensors - before,
        });
        const parameters = Object.values(model.parameters()).reduce((sum, { size }) => sum + size, 0);
        this.#report({ type: "started", parameters, uniformLoss: Math.log(this.recipe.tokenizer.vocabSize) });
        this.#report({ type: "snapshot", snapshot: takeSnapshot(this.#opened, this.recipe.probe, 0), metrics: [] });
        return model;
      },
    };
  }

  #reportSteps(learningRate: number, tokensPerSecond: number): void {
    this.#reportedAt = performance.now();
    this.#report({ type: "steps", points: this.#points, learningRate, tokensPerSecond });
    this.#points = [];
  }

  async #snapshot(step: number): Promise<void> {
    if (this.#opened === undefined || this.#left) return;
    const snapshot = takeSnapshot(this.#opened, this.recipe.probe, step);
    const metrics = await this.recipe.evaluate(this.#opened.model, { count: evaluated, seed: 1 });
    this.#report({ type: "snapshot", snapshot, metrics });
  }
}
