import { computed, type ReadonlySignal, type Signal, signal } from "@preact/signals";
import { type LabelEvent, labelEvents } from "../../training/label-events.js";
import type { LossPoint, RunEvent, RunRecord, StepRecord } from "../../training/run-record.js";

/** What the page knows of a run. */
export class RunState {
  readonly key: string;
  /** Its place among the runs, which decides its colour. */
  readonly order: number;
  readonly run: Signal<RunRecord>;
  readonly losses: Signal<readonly LossPoint[]> = signal([]);
  /** In the order of their steps. */
  readonly records: Signal<readonly StepRecord[]> = signal([]);
  readonly learningRate: Signal<number> = signal(0);
  readonly secondsPerStep: Signal<number> = signal(0);
  /** Whether another tab trains it. */
  readonly isElsewhere: Signal<boolean> = signal(false);
  /** Whether its numbers were read. */
  readonly isLoaded: Signal<boolean> = signal(false);
  readonly events: ReadonlySignal<readonly LabelEvent[]> = computed(() => labelEvents(this.run.value.about, this.records.value));

  constructor(run: RunRecord, order: number) {
    this.key = run.key;
    this.order = order;
    this.run = signal(run);
  }

  /** The number of steps so far. */
  get step(): number {
    return this.#last?.step ?? 0;
  }

  /** The last loss of a batch; NaN before the first step. */
  get loss(): number {
    return this.#last?.loss ?? Number.NaN;
  }

  get #last(): LossPoint | undefined {
    return this.isLoaded.value ? this.losses.value.at(-1) : this.run.value.reached;
  }

  /** What was measured at a step, or last before it. */
  recordAt(step: number): StepRecord | undefined {
    const { value: records } = this.records;
    return step < 0 ? records.at(-1) : (records.findLast((record) => record.step <= step) ?? records[0]);
  }

  receive(event: RunEvent): void {
    switch (event.type) {
      case "run":
        this.run.value = event.run;
        return;
      case "steps":
        this.losses.value = [...this.losses.value, ...event.points];
        this.learningRate.value = event.learningRate;
        this.secondsPerStep.value = event.secondsPerStep;
        return;
      default:
        this.#add(event.record);
    }
  }

  /** Takes over what was kept. */
  load({ records, losses }: { readonly records: readonly StepRecord[]; readonly losses: readonly LossPoint[] }): void {
    this.records.value = records;
    this.losses.value = losses;
    this.isLoaded.value = true;
  }

  /** Adds a record, or replaces that of the same step: a run that resumes from its checkpoint measures some steps again. */
  #add(record: StepRecord): void {
    const others = this.records.value.filter(({ step }) => step !== record.step);
    this.records.value = [...others, record].toSorted((a, b) => a.step - b.step);
  }
}
