import { batch, type Signal, signal } from "@preact/signals";
import type { Metric } from "@tfblocks/zoo";
import { proxy } from "comlink";
import type { Compute } from "../../compute/compute-client.js";
import { type Failure, failureFrom } from "../../compute/outcome.js";
import type { AttentionSnapshot, ListedRecipe, LossPoint, SessionEvent, TrainedFiles, TrainingOrder } from "./session-event.js";

/** How a training stands; "ending" takes its last step. */
export type Phase = "idle" | "running" | "paused" | "ending" | "stopped" | "finished";

/** The numbers of a training as they have come in. */
export interface Progress {
  readonly points: readonly LossPoint[];
  readonly learningRate: number;
  readonly tokensPerSecond: number;
  readonly parameters: number;
  /** The loss of guessing every token alike. */
  readonly chance: number;
}

const nothing: Progress = { points: [], learningRate: 0, tokensPerSecond: 0, parameters: 0, chance: 0 };

/** The training room's state: what may be trained, what is, and what has come of it. */
export class TrainingState {
  readonly recipes: Signal<readonly ListedRecipe[]> = signal([]);
  readonly phase: Signal<Phase> = signal("idle");
  /** What the numbers belong to. */
  readonly order: Signal<TrainingOrder | undefined> = signal();
  readonly progress: Signal<Progress> = signal(nothing);
  readonly snapshots: Signal<readonly AttentionSnapshot[]> = signal([]);
  readonly metrics: Signal<readonly Metric[]> = signal([]);
  readonly failure: Signal<Failure | undefined> = signal();
  readonly written: Signal<string | undefined> = signal();
  readonly writing: Signal<boolean> = signal(false);
  readonly #compute: Compute;
  #left = false;

  constructor(compute: Compute) {
    this.#compute = compute;
    void this.#fetchRecipes();
  }

  /** Trains a recipe from the start; what was trained before is given up. */
  async start(order: TrainingOrder): Promise<void> {
    batch(() => {
      this.order.value = order;
      this.phase.value = "running";
      this.progress.value = nothing;
      this.snapshots.value = [];
      this.metrics.value = [];
      this.failure.value = undefined;
      this.written.value = undefined;
    });
    const calls = await this.#compute.calls;
    const outcome = await calls.trainingRun(
      order,
      proxy((event: SessionEvent) => this.#take(order, event)),
    );
    if (!outcome.ok && this.order.value === order) this.#fail(outcome.failure);
  }

  async pause(): Promise<void> {
    this.phase.value = "paused";
    await (await this.#compute.calls).trainingPause();
  }

  async goOn(): Promise<void> {
    this.phase.value = "running";
    await (await this.#compute.calls).trainingGoOn();
  }

  async stop(): Promise<void> {
    this.phase.value = "ending";
    await (await this.#compute.calls).trainingStop();
  }

  /** What the model writes after a prompt, as it is now. */
  async write(prompt: string): Promise<void> {
    this.writing.value = true;
    const outcome = await (await this.#compute.calls).trainingWrite(prompt);
    batch(() => {
      this.writing.value = false;
      this.written.value = outcome.ok ? outcome.result : undefined;
      this.failure.value = outcome.ok ? undefined : outcome.failure;
    });
  }

  /** The model's files as they are now. */
  async files(): Promise<TrainedFiles | undefined> {
    const outcome = await (await this.#compute.calls).trainingFiles();
    if (outcome.ok) return outcome.result;
    this.failure.value = outcome.failure;
    return undefined;
  }

  /** Stops what runs and frees the model. */
  async leave(): Promise<void> {
    this.#left = true;
    await (await this.#compute.calls).trainingLeave();
  }

  /** What the reader knows a recipe by. */
  titleOf({ recipe }: TrainingOrder): string {
    return this.recipes.value.find(({ name }) => name === recipe)?.title ?? recipe;
  }

  failureOf(field: string): string | undefined {
    const { value: failure } = this.failure;
    return failure?.field === field ? failure.sentence : undefined;
  }

  async #fetchRecipes(): Promise<void> {
    try {
      this.recipes.value = await (await this.#compute.calls).trainingRecipes();
    } catch (error) {
      this.#fail(failureFrom(error, "training"));
    }
  }

  #take(order: TrainingOrder, event: SessionEvent): void {
    if (this.#left || this.order.value !== order) return;
    const { value: progress } = this.progress;
    switch (event.type) {
      case "started":
        this.progress.value = { ...progress, parameters: event.parameters, chance: event.chance };
        return;
      case "steps": {
        const { points, learningRate, tokensPerSecond } = event;
        this.progress.value = { ...progress, points: [...progress.points, ...points], learningRate, tokensPerSecond };
        return;
      }
      case "snapshot":
        batch(() => {
          this.snapshots.value = [...this.snapshots.value, event.snapshot];
          this.metrics.value = event.metrics;
        });
        return;
      default:
        this.phase.value = event.finished ? "finished" : "stopped";
    }
  }

  #fail(failure: Failure): void {
    batch(() => {
      this.failure.value = failure;
      this.phase.value = "stopped";
    });
  }
}
