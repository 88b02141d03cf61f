import { computed, type ReadonlySignal, type Signal, signal } from "@preact/signals";
import type { AttentionKind, HeadPlace } from "../../models/model-info.js";
import type { RunState } from "./run-state.js";
import type { TrainSettings } from "./link.js";
import type { TrainState } from "./train-state.js";

/** What the reader has chosen and looks at. */
export class TrainView {
  readonly state: TrainState;
  readonly settings: Signal<TrainSettings>;
  /** The run that is shown: the chosen one, or the newest. */
  readonly run: ReadonlySignal<RunState | undefined>;
  /** The run beside it. */
  readonly beside: ReadonlySignal<RunState | undefined>;
  /** The runs that are shown. */
  readonly shown: ReadonlySignal<readonly RunState[]>;
  /** The steps at which the shown runs were measured. */
  readonly steps: ReadonlySignal<readonly number[]>;
  /** The step that all pictures show. */
  readonly step: ReadonlySignal<number>;
  /** The last step at which the shown run was measured. */
  readonly latest: ReadonlySignal<number>;
  readonly isPlaying: Signal<boolean> = signal(false);
  readonly #save: (settings: TrainSettings, isPlace: boolean) => void;

  constructor(state: TrainState, settings: TrainSettings, save: (settings: TrainSettings, isPlace: boolean) => void) {
    this.state = state;
    this.settings = signal(settings);
    this.#save = save;
    this.run = computed(() => state.runs.value.find(({ key }) => key === this.settings.value.run) ?? state.runs.value.at(-1));
    this.beside = computed(() => {
      const found = state.runs.value.find(({ key }) => key === this.settings.value.beside);
      return found === this.run.value ? undefined : found;
    });
    this.shown = computed(() => [this.run.value, this.beside.value].filter((run) => run !== undefined));
    this.steps = computed(() => {
      const all = this.shown.value.flatMap(({ records }) => records.value.map(({ step }) => step));
      return [...new Set(all)].toSorted((a, b) => a - b);
    });
    this.latest = computed(() => this.run.value?.records.value.at(-1)?.step ?? 0);
    this.step = computed(() => {
      const { step } = this.settings.value;
      return step < 0 ? this.latest.value : Math.min(step, this.steps.value.at(-1) ?? 0);
    });
  }

  /** @param isPlace whether Back returns to what was shown before */
  change(patch: Partial<TrainSettings>, isPlace = false): void {
    this.settings.value = { ...this.settings.value, ...patch };
    this.#save(this.settings.value, isPlace);
  }

  /** Moves the cursor of all pictures; at the latest step of the shown run it follows the training. */
  moveTo(step: number): void {
    this.change({ step: step === this.latest.value ? -1 : step });
  }

  /** The head that is looked at, in a run: the chosen one if the model has it, otherwise the last one with a label, or the first one. */
  headOf(run: RunState): HeadPlace {
    const { attentions } = run.run.value.about;
    const chosen = parsePlace(this.settings.value.look);
    const has = ({ kind, layer, head }: HeadPlace): boolean =>
      attentions.some((each) => each.kind === kind && each.layer === layer && head < each.heads);
    if (chosen !== undefined && has(chosen)) return chosen;
    const { kind, layer } = attentions.at(-1)!;
    return run.events.value.findLast(({ label }) => label === "induction")?.place ?? { kind, layer, head: 0 };
  }

  lookAt({ kind, layer, head }: HeadPlace): void {
    this.change({ look: `${kind}.${layer}.${head}` });
  }
}

function parsePlace(text: string): HeadPlace | undefined {
  const [, kind, layer, head] = /^(self|encoder|decoder|cross)\.(\d+)\.(\d+)$/.exec(text) ?? [];
  return kind === undefined ? undefined : { kind: kind as AttentionKind, layer: Number(layer), head: Number(head) };
}
