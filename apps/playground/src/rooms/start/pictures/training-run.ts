import { batch, type Signal, signal } from "@preact/signals";
import { proxy } from "comlink";
import { sentenceOf } from "../../../compute/outcome.js";
import { Task } from "../../../compute/task.js";
import type { LossPoint, RunEvent, RunRecord, StepRecord } from "../../../training/run-record.js";
import type { RunSettings } from "../../../training/run-settings.js";
import type { RoomCompute } from "../../room.js";

/** Those of the recipe: with fewer steps its learning rate falls too early, and with some seeds no head appears. */
export const settings = { source: { kind: "recipe", recipe: "induction" }, steps: 1000, batchSize: 32, learningRate: 3e-3 } as const;

/** The training of the lesson. It continues in other rooms, and the Train room lists it. */
export class TrainingRun {
  readonly run: Signal<RunRecord | undefined> = signal();
  readonly losses: Signal<readonly LossPoint[]> = signal([]);
  readonly records: Signal<readonly StepRecord[]> = signal([]);
  readonly failure: Signal<string | undefined> = signal();
  readonly isRunning: Signal<boolean> = signal(false);
  readonly #compute: RoomCompute;

  constructor(compute: RoomCompute) {
    this.#compute = compute;
  }

  /** Trains a new model. */
  async start(seed: number): Promise<void> {
    batch(() => {
      this.losses.value = [];
      this.records.value = [];
      this.failure.value = undefined;
      this.isRunning.value = true;
    });
    try {
      const { train } = await this.#compute.calls;
      const wanted: RunSettings = { ...settings, seed };
      const outcome = await train.start(
        wanted,
        new Task().port,
        proxy((event: RunEvent) => this.#receive(event)),
      );
      if (outcome?.ok === false) this.failure.value = outcome.failure.sentence;
    } catch (error) {
      this.failure.value = sentenceOf(error);
    } finally {
      this.isRunning.value = false;
    }
  }

  /** Stops after the current step; the model is kept. */
  async stop(): Promise<void> {
    await (await this.#compute.calls).train.pause("stopped");
  }

  #receive(event: RunEvent): void {
    if (event.type === "run") this.run.value = event.run;
    else if (event.type === "steps") this.losses.value = [...this.losses.value, ...event.points];
    else this.records.value = [...this.records.value, event.record];
  }
}
