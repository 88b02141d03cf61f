import { computed, effect, type ReadonlySignal, type Signal, signal, untracked } from "@preact/signals";
import { LiveResult } from "../../../compute/live-result.js";
import type { Outcome } from "../../../compute/outcome.js";
import type { Task } from "../../../compute/task.js";
import type { ModelInfo } from "../../../models/model-info.js";
import type { ReadingInput } from "../../../reading/reading-input.js";
import type { AblationsReading, LayerReading } from "../../../reading/readings.js";
import { headName } from "../../../ui/head-name.js";
import type { HeadEffect } from "./head-effects.js";

/** The worker's calls that the effects need. */
export interface EffectCalls {
  readonly ablations: (input: ReadingInput, task: Task) => Promise<Outcome<AblationsReading> | undefined>;
  /** Reads the labels of all heads, a layer at a time. */
  readonly layers: (input: ReadingInput, onLayer: (layer: LayerReading) => void, task: Task) => Promise<Outcome<unknown> | undefined>;
}

/** What is read, once its model is open. */
export interface EffectSubject {
  readonly info: ReadonlySignal<ModelInfo | undefined>;
  readonly input: ReadonlySignal<ReadingInput | undefined>;
}

/** The effects of all heads, and what they were measured on. */
export interface MeasuredEffects {
  readonly input: ReadingInput;
  readonly heads: readonly HeadEffect[];
}

/** On which model the heads are switched off: without or with the reader's edits. */
export type EffectsOn = "plain" | "edited";

/** Heads and characters up to which every change is measured without being asked for: it takes about a second. */
const fewHeads = 32;
const shortText = 400;
const typingPause = 400;

/** The effects of all heads: measured at once on small models, on demand on large ones. */
export class EffectsState {
  readonly on: Signal<EffectsOn>;
  readonly measured: LiveResult<ReadingInput, AblationsReading>;
  readonly #subject: EffectSubject;
  readonly #labelled: LiveResult<ReadingInput, unknown>;
  readonly #labels: Signal<ReadonlyMap<string, readonly string[]>> = signal(new Map());

  constructor(subject: EffectSubject, calls: EffectCalls, on: EffectsOn) {
    this.#subject = subject;
    this.on = signal(on);
    this.measured = new LiveResult(calls.ablations, typingPause);
    this.#labelled = new LiveResult((input, task) => {
      this.#labels.value = new Map();
      return calls.layers(input, (layer) => this.#addLabels(layer), task);
    });
  }

  readonly headCount: ReadonlySignal<number> = computed(() =>
    (this.#subject.info.value?.stacks ?? []).reduce((sum, { heads, parts }) => sum + heads * parts.length, 0),
  );

  /** Whether the effects are measured without being asked for. */
  readonly isAutomatic: ReadonlySignal<boolean> = computed(
    () => this.headCount.value <= fewHeads && (this.#subject.input.value?.text.length ?? 0) <= shortText,
  );

  /** What is to be measured; a new object only when it differs. */
  readonly #wanted: ReadonlySignal<ReadingInput | undefined> = this.#lastOf(() => {
    const input = this.#subject.input.value;
    return input && this.on.value === "plain" ? { ...input, edits: [] } : input;
  });

  /** The effects that are known, with the labels of the heads. */
  readonly shown: ReadonlySignal<MeasuredEffects | undefined> = computed(() => {
    const { value: answered } = this.measured.answered;
    if (answered === undefined || answered.input.model !== this.#subject.info.value?.id) return undefined;
    const labels = this.#labels.value;
    return {
      input: answered.input,
      heads: answered.result.heads.map((each) => ({ ...each, name: headName(each.place), labels: labels.get(headName(each.place)) })),
    };
  });

  /** Whether what is shown is not what is wanted. */
  readonly isOutdated: ReadonlySignal<boolean> = computed(
    () => this.measured.answered.value !== undefined && this.measured.answered.value.input !== this.#wanted.value,
  );

  /** Measures when the workspace changes, if that is quick. @returns a function that stops this */
  start(): () => void {
    const stop = effect(() => {
      const input = this.#wanted.value;
      if (input !== undefined && this.isAutomatic.value && this.#canMeasure) untracked(() => this.measure());
    });
    return () => {
      stop();
      this.measured.clear();
      this.#labelled.clear();
    };
  }

  measure(): void {
    const input = this.#wanted.value;
    if (input === undefined) return;
    this.measured.request(input);
    this.#labelled.request(input);
  }

  measureOn(on: EffectsOn): void {
    this.on.value = on;
  }

  get #canMeasure(): boolean {
    return this.#subject.info.value?.predicts === "the next token";
  }

  #addLabels({ kind, layer, heads, isMeasured }: LayerReading): void {
    if (!isMeasured) return;
    const added = heads.map(({ head, labels }) => [headName({ kind, layer, head }), labels.map(({ label }) => label)] as const);
    this.#labels.value = new Map([...this.#labels.value, ...added]);
  }

  #lastOf(make: () => ReadingInput | undefined): ReadonlySignal<ReadingInput | undefined> {
    let last: ReadingInput | undefined;
    return computed(() => {
      const next = make();
      if (next === undefined || last === undefined || JSON.stringify(next) !== JSON.stringify(last)) last = next;
      return last;
    });
  }
}
