import { memory } from "@tensorflow/tfjs-core";
import { type Recipe, recipeOf, trainRecipe, type ZooModel } from "@tfblocks/zoo";
import { describeModel, type OpenModel } from "../../models/open-model.js";
import { Gate } from "./gate.js";
import type { LossPoint, SessionEvent, TrainingOrder } from "./session-event.js";
import { takeSnapshot } from "./snapshot.js";

/** Snapshots of a whole training. */
const snapshots = 20;
/** Held-out examples of each kind that a snapshot is measured on. */
const measured = 24;
/** Milliseconds between two reports of steps. */
const reportPause = 120;

/** One training: the model exists from the start on, and stays until the session is left. */
export class TrainingSession {
  readonly recipe: Recipe;
  readonly #order: TrainingOrder;
  readonly #tell: (event: SessionEvent) => void;
  readonly #stop = new AbortController();
  readonly #gate = new Gate();
  #opened: OpenModel | undefined;
  #running = false;
  #left = false;
  #points: LossPoint[] = [];
  #reported = 0;

  constructor(order: TrainingOrder, tell: (event: SessionEvent) => void) {
    this.recipe = recipeOf(order.recipe);
    this.#order = order;
    this.#tell = tell;
  }

  /** The model as it is now; undefined before its first step and once the session is left. */
  get model(): ZooModel | undefined {
    return this.#left ? undefined : this.#opened?.model;
  }

  /** Trains to the last step or until stopped. @throws as `trainRecipe` */
  async run(): Promise<void> {
    const { steps, seed } = this.#order;
    const every = Math.max(1, Math.ceil(steps / snapshots));
    this.#running = true;
    try {
      await trainRecipe(this.#keeping(), {
        steps,
        seed,
        signal: this.#stop.signal,
        onProgress: async ({ step, loss, learningRate, tokensPerSecond = 0 }) => {
          this.#points.push({ step, loss });
          if (step === steps || performance.now() - this.#reported > reportPause) this.#report(learningRate, tokensPerSecond);
          if (step % every === 0 || step === steps) await this.#snapshot(step);
          await this.#gate.pass();
        },
      });
      this.#tell({ type: "ended", finished: !this.#stop.signal.aborted });
    } finally {
      this.#running = false;
      if (this.#left) this.#opened?.close();
    }
  }

  pause(): void {
    this.#gate.shut();
  }

  goOn(): void {
    this.#gate.open();
  }

  /** Stops after the step that is being taken; the model stays. */
  stop(): void {
    this.#stop.abort();
    this.#gate.open();
  }

  /** Stops, and frees the model. */
  leave(): void {
    this.#left = true;
    this.stop();
    if (!this.#running) this.#opened?.close();
  }

  /** The recipe with a model that the session gets to know. */
  #keeping(): Recipe {
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
        this.#tell({ type: "started", parameters, chance: Math.log(this.recipe.tokenizer.vocabSize) });
        this.#tell({ type: "snapshot", snapshot: takeSnapshot(this.#opened, this.recipe.probe, 0), metrics: [] });
        return model;
      },
    };
  }

  #report(learningRate: number, tokensPerSecond: number): void {
    this.#reported = performance.now();
    this.#tell({ type: "steps", points: this.#points, learningRate, tokensPerSecond });
    this.#points = [];
  }

  async #snapshot(step: number): Promise<void> {
    if (this.#opened === undefined || this.#left) return;
    const snapshot = takeSnapshot(this.#opened, this.recipe.probe, step);
    const metrics = await this.recipe.evaluate(this.#opened.model, { count: measured, seed: 1 });
    this.#tell({ type: "snapshot", snapshot, metrics });
  }
}
