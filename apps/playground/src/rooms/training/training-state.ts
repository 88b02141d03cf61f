import { batch, type Signal, signal } from "@preact/signals";
import type { Metric } from "@tfblocks/zoo";
import { proxy } from "comlink";
import { type Failure, failureFrom } from "../../compute/outcome.js";
import type { RoomCompute } from "../room.js";
import type { AttentionSnapshot, ListedRecipe, LossPoint, SessionEvent, TrainedFiles, TrainingOrder } from "./session-event.js";

/** The phase of a training; while "stopping", the current step is still running. */
export type Phase = "idle" | "running" | "paused" | "stopping" | "stopped" | "finished";

/** The numbers of a training so far. */
export interface Progress {
  readonly points: readonly LossPoint[];
  readonly learningRate: number;
  readonly tokensPerSecond: number;
  readonly parameters: number;
  /** The loss of giving every token the same probability. */
  readonly uniformLoss: number;
}

const nothing: Progress = { points: [], learningRate: 0, tokensPerSecond: 0, parameters: 0, uniformLoss: 0 };

/** The state of the training room: the recipes, the current training, and its results. */
export class TrainingState {
  readonly recipes: Signal<readonly ListedRecipe[]> = signal([]);
  readonly phase: Signal<Phase> = signal("idle");
  /** The training that the numbers belong to. */
  readonly order: Signal<TrainingOrder | undefined> = signal();
  readonly progress: Signal<Progress> = signal(nothing);
  readonly snapshots: Signal<readonly AttentionSnapshot[]> = signal([]);
  readonly metrics: Signal<readonly Metric[]> = signal([]);
  readonly failure: Signal<Failure | undefined> = signal();
  readonly completion: Signal<string | undefined> = signal();
  readonly completing: Signal<boolean> = signal(false);
  readonly #compute: RoomCompute;
  #left = false;

  constructor(compute: RoomCompute) {
    this.#compute = compute;
    void this.#fetchRecipes();
  }

  /** Starts a training and discards the previous model. */
  async start(order: TrainingOrder): Promise<void> {
    batch(() => {
      this.order.value = order;
      this.phase.value = "running";
      this.progress.value = nothing;
      this.snapshots.value = [];
      this.metrics.value = [];
      this.failure.value = undefined;
      this.completion.value = undefined;
    });
    const calls = await this.#compute.calls;
    const outcome = await calls.training.run(
      order,
      proxy((event: SessionEvent) => this.#receive(order, event)),
    );
    if (!outcome.ok && this.order.value === order) this.#fail(outcome.failure);
  }

  async pause(): Promise<void> {
    this.phase.value = "paused";
    await (await this.#compute.calls).training.pause();
  }

  async resume(): Promise<void> {
    this.phase.value = "running";
    await (await this.#compute.calls).training.resume();
  }

  async stop(): Promise<void> {
    this.phase.value = "stopping";
    await (await this.#compute.calls).training.stop();
  }

  /** Generates text from a prompt with the current model. */
  async complete(prompt: string): Promise<void> {
    this.completing.value = true;
    const outcome = await (await this.#compute.calls).training.complete(prompt);
    batch(() => {
      this.completing.value = false;
      this.completion.value = outcome.ok ? outcome.result : undefined;
      this.failure.value = outcome.ok ? undefined : outcome.failure;
    });
  }

  /** The files of the current model. */
  async files(): Promise<TrainedFiles | undefined> {
    const outcome = await (await this.#compute.calls).training.files();
    if (outcome.ok) return outcome.result;
    this.failure.value = outcome.failure;
    return undefined;
  }

  /** Stops the training and frees the model. */
  async leave(): Promise<void> {
    this.#left = true;
    await (await this.#compute.calls).training.leave();
  }

  /** The title of a recipe. */
  titleOf({ recipe }: TrainingOrder): string {
    return this.recipes.value.find(({ name }) => name === recipe)?.title ?? recipe;
  }

  /** The failure of one field, if there is one. */
  failureOf(field: string): string | undefined {
    const { value: failure } = this.failure;
    return failure?.field === field ? failure.sentence : undefined;
  }

  async #fetchRecipes(): Promise<void> {
    try {
      this.recipes.value = await (await this.#compute.calls).training.listRecipes();
    } catch (error) {
      this.#fail(failureFrom(error, "training"));
    }
  }

  #receive(order: TrainingOrder, event: SessionEvent): void {
    if (this.#left || this.order.value !== order) return;
    const { value: progress } = this.progress;
    switch (event.type) {
      case "started":
        this.progress.value = { ...progress, parameters: event.parameters, uniformLoss: event.uniformLoss };
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
