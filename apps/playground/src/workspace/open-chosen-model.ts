import { computed, effect, type ReadonlySignal, signal, untracked } from "@preact/signals";
import type { Compute } from "../compute/compute-client.js";
import { type Outcome, sentenceOf } from "../compute/outcome.js";
import { Task, type TaskPort } from "../compute/task.js";
import { askAgain } from "../compute/worker-lost.js";
import type { ModelChoice } from "../models/model-choice.js";
import type { ModelId } from "../models/model-id.js";
import type { ModelInfo } from "../models/model-info.js";
import { modelsUrl } from "../models/models-url.js";
import type { OwnModel } from "../models/own-files/own-model.js";
import type { Workspace } from "./workspace.js";

/** The functions of the worker that are called here. */
export interface ModelCalls {
  list(modelsUrl: string): Promise<ModelChoice[]>;
  open(id: ModelId, modelsUrl: string, port: TaskPort): Promise<Outcome<ModelInfo> | undefined>;
  register(own: OwnModel): Promise<void>;
  forget(id: ModelId): Promise<void>;
  rename(id: ModelId, title: string): Promise<Outcome<true>>;
}

type ModelsCompute = Pick<Compute<{ readonly models: ModelCalls }>, "state" | "calls" | "onStart">;

/** Opens the chosen model of a workspace in the worker whenever it changes, and again in a new worker. */
export class ChosenModel {
  readonly #compute: ModelsCompute;
  readonly #workspace: Workspace;
  readonly #choices = signal<readonly ModelChoice[]>([]);
  readonly #opening = signal<Task | undefined>();
  readonly #failure = signal<string | undefined>();
  /** The models of the reader, which a new worker does not know. */
  readonly #own = new Map<ModelId, OwnModel>();

  constructor(compute: ModelsCompute, workspace: Workspace) {
    this.#compute = compute;
    this.#workspace = workspace;
    compute.onStart(async ({ models }) => {
      for (const own of this.#own.values()) await models.register(own);
    });
    const model = computed(() => workspace.state.value.model);
    let last: ModelId | undefined;
    effect(() => {
      const [state, id] = [compute.state.value, model.value];
      if (state.phase !== "ready") return;
      const isAgain = id === last && state.lost !== undefined;
      last = id;
      untracked(() => (isAgain ? this.#reopen() : void this.#start()));
    });
  }

  /** Every model that can be chosen; empty until the worker has listed them. */
  get choices(): ReadonlySignal<readonly ModelChoice[]> {
    return this.#choices;
  }

  /** The opening that is under way; undefined when the model is open, or cannot be opened. */
  get opening(): ReadonlySignal<Task | undefined> {
    return this.#opening;
  }

  /** Why the chosen model is not open, in a sentence; undefined while it is opened, and when it is open. */
  get failure(): ReadonlySignal<string | undefined> {
    return this.#failure;
  }

  /** Stops the opening. */
  cancel(): void {
    this.#opening.value?.cancel();
  }

  /** Tries again to open the model, after a failure or a cancel. */
  retry(): void {
    void this.#start();
  }

  /** Lists the models again, after one was added or removed. */
  async refresh(): Promise<void> {
    const { models } = await this.#compute.calls;
    this.#choices.value = await models.list(modelsUrl);
  }

  /** Adds a model of the reader to the choices, and chooses it. */
  async add(own: OwnModel): Promise<void> {
    this.#own.set(own.id, own);
    const { models } = await this.#compute.calls;
    await models.register(own);
    await this.refresh();
    if (this.#workspace.state.value.model === own.id) this.retry();
    else this.#workspace.chooseModel(own.id);
  }

  /** Removes a model of the reader from the choices. */
  async forget(id: ModelId): Promise<void> {
    this.#own.delete(id);
    const { models } = await this.#compute.calls;
    await models.forget(id);
    await this.refresh();
  }

  /** Gives a model of the reader another title; opens it again if it is chosen. @returns why it failed */
  async rename(id: ModelId, title: string): Promise<string | undefined> {
    const own = this.#own.get(id);
    if (own !== undefined) this.#own.set(id, { ...own, title });
    const { models } = await this.#compute.calls;
    const outcome = await models.rename(id, title);
    await this.refresh();
    if (this.#workspace.state.value.model === id) this.retry();
    return outcome.ok ? undefined : outcome.failure.sentence;
  }

  /** Opens the model in a new worker too, unless its opening is under way and asks again itself, or has failed. */
  #reopen(): void {
    if (this.#opening.value === undefined && this.#failure.value === undefined) void this.#start(true);
  }

  /** Opens the chosen model, in place of an opening that is under way. @param isKnown whether the workspace knows what it is like */
  async #start(isKnown = false): Promise<void> {
    this.cancel();
    const task = new Task();
    this.#opening.value = task;
    this.#failure.value = undefined;
    try {
      const outcome = await askAgain(() => this.#open(task));
      if (this.#opening.value !== task) return;
      // A call about the model before, which came late, has closed this one.
      if (outcome === undefined && !task.isCancelled) await this.#start(isKnown);
      else this.#ended(outcome, isKnown);
    } catch (error) {
      if (this.#opening.value === task) this.#ended({ ok: false, failure: { field: "model", sentence: sentenceOf(error) } });
    }
  }

  async #open(task: Task): Promise<Outcome<ModelInfo> | undefined> {
    const { models } = await this.#compute.calls;
    if (task.isCancelled) return undefined;
    if (this.#choices.value.length === 0) void this.refresh().catch(() => {}); // the opening tells the same failure
    return models.open(this.#workspace.state.value.model, modelsUrl, task.port);
  }

  #ended(outcome: Outcome<ModelInfo> | undefined, isKnown = false): void {
    this.#opening.value = undefined;
    if (outcome?.ok && isKnown) return; // what is read of it stays, and what was being read is asked again where it is
    if (outcome?.ok) this.#workspace.opened(outcome.result);
    else this.#failure.value = outcome?.failure.sentence ?? "The model was not opened, because you have cancelled it.";
  }
}

const known = new WeakMap<Workspace, ChosenModel>();

/** The chosen model of a workspace; the first call starts opening it. */
export function chosenModelOf(compute: ModelsCompute, workspace: Workspace): ChosenModel {
  const found = known.get(workspace) ?? new ChosenModel(compute, workspace);
  known.set(workspace, found);
  return found;
}
