import { computed, type ReadonlySignal, signal } from "@preact/signals";
import { sentenceOf } from "../../compute/outcome.js";
import { Task, type TaskPort } from "../../compute/task.js";
import { modelsUrl } from "../../models/models-url.js";
import type { ReadingInput } from "../../reading/reading-input.js";
import type { RoomCompute } from "../room.js";
import type { Figures } from "./figures.js";
import { measureInWorker } from "./measuring-worker.js";

/** The measurement of the page and its last figures. They stay when the reader goes to another room. */
export class MeasureState {
  readonly #compute: RoomCompute;
  readonly #task = signal<Task | undefined>();
  readonly #figures = signal<Figures | undefined>();
  readonly #failure = signal<string | undefined>();
  readonly busy: ReadonlySignal<boolean> = computed(() => this.#task.value !== undefined);

  constructor(compute: RoomCompute) {
    this.#compute = compute;
  }

  /** The measurement that runs. */
  get task(): ReadonlySignal<Task | undefined> {
    return this.#task;
  }

  get figures(): ReadonlySignal<Figures | undefined> {
    return this.#figures;
  }

  /** What kept the last measurement from its end, or from writing with the model; a sentence for the reader. */
  get failure(): ReadonlySignal<string | undefined> {
    return this.#failure;
  }

  /** Measures everything. What is measured before a cancel is kept. */
  measure(input: ReadingInput): Promise<void> {
    return this.#run(async ({ port }) => {
      await this.#measureBackends(port);
      if (this.#task.value?.isCancelled === false) await this.#measureWriting(input, port);
    });
  }

  /** Measures only the chosen model. */
  measureWriting(input: ReadingInput): Promise<void> {
    return this.#run(({ port }) => this.#measureWriting(input, port));
  }

  cancel(): void {
    this.#task.value?.cancel();
  }

  /** Runs a measurement, unless one runs. */
  async #run(measure: (task: Task) => Promise<void>): Promise<void> {
    if (this.#task.value !== undefined) return;
    const task = new Task();
    this.#task.value = task;
    this.#failure.value = undefined;
    try {
      await measure(task);
    } catch (error) {
      this.#failure.value = sentenceOf(error);
    } finally {
      this.#task.value = undefined;
    }
  }

  async #measureBackends(port: TaskPort): Promise<void> {
    const address = await (await this.#compute.calls).measure.address();
    const all = await measureInWorker(address, undefined, port);
    if (all === undefined) return;
    const machine = { measuredAt: new Date().toISOString(), browser: navigator.userAgent, processors: navigator.hardwareConcurrency };
    const figures: Figures = { version: 1, ...machine, all, single: null, generation: this.#figures.value?.generation ?? null };
    this.#figures.value = figures;
    if (all.info.threads.got === 1) return;
    const single = await measureInWorker(address, 1, port);
    if (single !== undefined) this.#figures.value = { ...figures, single };
  }

  async #measureWriting(input: ReadingInput, port: TaskPort): Promise<void> {
    const { measure } = await this.#compute.calls;
    const outcome = await measure.measureGeneration(input, modelsUrl, port);
    const figures = this.#figures.value;
    if (outcome?.ok && figures !== undefined) this.#figures.value = { ...figures, generation: outcome.result };
    else if (outcome?.ok === false) this.#failure.value = outcome.failure.sentence;
  }
}

let known: MeasureState | undefined;

/** The only measurement of the page. */
export function measureState(compute: RoomCompute): MeasureState {
  known ??= new MeasureState(compute);
  return known;
}
