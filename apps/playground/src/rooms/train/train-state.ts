import { batch, computed, effect, type ReadonlySignal, type Signal, signal } from "@preact/signals";
import { proxy } from "comlink";
import { type Failure, failureFrom, lacksMemory, type Outcome } from "../../compute/outcome.js";
import { Task } from "../../compute/task.js";
import { WorkerLost } from "../../compute/worker-lost.js";
import type { RunEvent, RunRecord } from "../../training/run-record.js";
import type { RunSettings } from "../../training/run-settings.js";
import type { RoomCompute } from "../room.js";
import type { ListedRecipe } from "./listed-recipe.js";
import { forgetActiveRun, recallActiveRun, rememberActiveRun } from "./active-run.js";
import { RunState } from "./run-state.js";

type Calls = Awaited<RoomCompute["calls"]>["train"];

/** The trainings of the page. They continue when the reader leaves the room, and resume after the worker was lost. */
export class TrainState {
  readonly recipes: Signal<readonly ListedRecipe[]> = signal([]);
  /** From the oldest to the newest. */
  readonly runs: Signal<readonly RunState[]> = signal([]);
  /** The key of the run that is trained now, in this tab. */
  readonly active: Signal<string | undefined> = signal();
  /** What is prepared before the first step of a run. */
  readonly preparing: Signal<Task | undefined> = signal();
  readonly failure: Signal<Failure | undefined> = signal();
  /** Whether a reload keeps the runs. */
  readonly isLasting: Signal<boolean> = signal(true);
  readonly isReady: Signal<boolean> = signal(false);
  /** The text of the reader. */
  readonly text: Signal<string> = signal("");
  readonly isBusy: ReadonlySignal<boolean> = computed(() => this.active.value !== undefined || this.preparing.value !== undefined);
  readonly #compute: RoomCompute;
  /** The runs that have lacked memory. */
  readonly #short = new Set<string>();

  constructor(compute: RoomCompute) {
    this.#compute = compute;
    compute.onStart(() => {
      const { value: key } = this.active;
      if (key !== undefined) void this.resume(key); // the worker before was lost
    });
    effect(() => {
      if (compute.state.value.phase === "failed") this.#end(this.active.peek()); // no worker is left to train it
    });
    void this.#begin();
  }

  find(key: string): RunState | undefined {
    return this.runs.value.find((run) => run.key === key);
  }

  /** Trains a new run; one that is trained now pauses. @param onRun receives it as soon as it exists */
  async start(settings: RunSettings, onRun: (run: RunState) => void): Promise<void> {
    const task = new Task();
    batch(() => {
      this.preparing.value = task;
      this.failure.value = undefined;
    });
    let state: RunState | undefined;
    const receive = (event: RunEvent): void => {
      if (event.type === "run" && state === undefined) {
        state = this.#add(event.run);
        this.preparing.value = undefined;
        onRun(state);
      }
      state?.receive(event);
    };
    await this.#train(
      () => state?.key,
      async (calls) => calls.start(settings, task.port, proxy(receive)),
    );
    if (this.preparing.value === task) this.preparing.value = undefined;
  }

  /** Trains a run on from its checkpoint. */
  async resume(key: string): Promise<void> {
    const state = this.find(key);
    if (state === undefined) return;
    this.failure.value = undefined;
    this.#activate(key);
    await this.#train(
      () => key,
      async (calls) => {
        state.load(await calls.history(key));
        return calls.resume(
          key,
          proxy((event: RunEvent) => state.receive(event)),
        );
      },
    );
  }

  /** Stops the run that is trained now after its current step. */
  async pause(as: "paused" | "stopped"): Promise<void> {
    await this.#ask((calls) => calls.pause(as));
  }

  /** Deletes a run with all its weights. */
  async remove(key: string): Promise<void> {
    const isRemoved = await this.#ask((calls) => calls.remove(key));
    if (isRemoved === true) this.runs.value = this.runs.value.filter((run) => run.key !== key);
    else if (isRemoved === false) this.#fail("This training runs in another tab of this browser. Pause it there before you delete it.");
  }

  /** Reads the numbers of a run, unless they are known. */
  async load(state: RunState): Promise<void> {
    if (state.isLoaded.value || this.active.value === state.key) return;
    const kept = await this.#ask((calls) => calls.history(state.key));
    if (kept !== undefined && !state.isLoaded.value) state.load(kept);
  }

  /** Asks the worker something; undefined if it could not answer, which is then shown. */
  async #ask<Answer>(question: (calls: Calls) => Promise<Answer>): Promise<Answer | undefined> {
    try {
      return await question((await this.#compute.calls).train);
    } catch (error) {
      if (!(error instanceof WorkerLost)) this.failure.value = failureFrom(error, "training");
      return undefined;
    }
  }

  /** Trains until the run ends. The next worker resumes the run if this one is lost; after want of memory, only once. */
  async #train(keyOf: () => string | undefined, train: (calls: Calls) => Promise<Outcome<RunRecord> | undefined>): Promise<void> {
    try {
      const outcome = await train((await this.#compute.calls).train);
      const key = keyOf();
      if (key !== undefined && lacksMemory(outcome) && !this.#short.has(key)) {
        this.#short.add(key);
        return; // the next worker resumes the run
      }
      if (outcome?.ok === false) this.failure.value = outcome.failure;
      this.#end(key);
    } catch (error) {
      const isLost = error instanceof WorkerLost;
      if (isLost && keyOf() !== undefined) return; // the next worker resumes the run
      if (isLost) this.#fail("The part of the page that computes stopped before the first step. Please start again.");
      else this.failure.value = failureFrom(error, "training");
      this.#end(keyOf());
    }
  }

  #end(key: string | undefined): void {
    if (this.active.value !== key) return; // another run was started meanwhile
    this.active.value = undefined;
    forgetActiveRun();
  }

  #add(run: RunRecord): RunState {
    const state = new RunState(run, nextOrder(this.runs.value));
    state.isLoaded.value = true;
    this.runs.value = [...this.runs.value, state];
    this.#activate(run.key);
    return state;
  }

  #activate(key: string): void {
    this.active.value = key;
    rememberActiveRun(key);
  }

  #fail(sentence: string): void {
    this.failure.value = { field: "training", sentence };
  }

  /** Shows a run as training in another tab until that ends, and then what was kept of it. */
  async #awaitOtherTab(state: RunState): Promise<void> {
    state.isElsewhere.value = true;
    const run = await this.#ask((calls) => calls.released(state.key));
    batch(() => {
      state.isElsewhere.value = false;
      state.isLoaded.value = false;
      if (run !== undefined) state.run.value = run;
      else this.runs.value = this.runs.value.filter((each) => each !== state);
    });
  }

  /** Reads the kept runs, and resumes the one that a reload has interrupted. */
  async #begin(): Promise<void> {
    const recipes = await this.#ask((calls) => calls.listRecipes());
    const kept = await this.#ask((calls) => calls.listRuns());
    batch(() => {
      this.recipes.value = recipes ?? [];
      this.isLasting.value = kept?.isLasting ?? true;
      this.runs.value = (kept?.runs ?? []).map((run, order) => {
        const state = new RunState(run, order);
        if (kept!.locked.includes(run.key)) void this.#awaitOtherTab(state);
        return state;
      });
      this.isReady.value = true;
    });
    const key = recallActiveRun();
    if (key !== undefined && this.find(key)?.run.value.phase === "running") await this.resume(key);
  }
}

/** The first colour that no run has. */
function nextOrder(runs: readonly RunState[]): number {
  const taken = new Set(runs.map(({ order }) => order));
  let order = 0;
  while (taken.has(order)) order++;
  return order;
}
