import { batch, computed, effect, type ReadonlySignal, type Signal, signal, untracked } from "@preact/signals";
import { proxy } from "comlink";
import type { HeadPlace, ModelInfo } from "../../models/model-info.js";
import { modelsUrl } from "../../models/models-url.js";
import type { EditSpec } from "../../reading/edit-spec.js";
import type { HeadRequest, ReadingInput } from "../../reading/reading-input.js";
import type { Outcome } from "../../compute/outcome.js";
import { LiveResult } from "../../compute/live-result.js";
import { callsAbout } from "../../workspace/calls-about.js";
import type { Workspace } from "../../workspace/workspace.js";
import type { RoomCompute } from "../room.js";
import { ablatedSet } from "./compare/ablated-set.js";
import { type Comparison, compare } from "./compare/comparison.js";
import { mostChanged, positionChanges } from "./compare/position-changes.js";
import type { RandomHeads } from "./compare/random-heads.js";
import { type EffectCalls, EffectsState } from "./effects/effects-state.js";
import { ExportFiles } from "../../exports/export-files.js";
import { Editor } from "./edits/editor.js";
import { partOfHead } from "./edits/part-names.js";
import type { HeadMaps } from "./heads/head-maps.js";
import { readMaps } from "./heads/head-maps.js";
import type { PatchReading } from "./patching/patch-reading.js";
import type { PatchSettings } from "./patching/patch-settings.js";
import { type WrittenTexts, writeTexts } from "./writing/written-texts.js";
import type { ChangeView } from "./view.js";

/** Two texts of the reader's and what is patched. */
export interface PatchRequest {
  readonly input: ReadingInput;
  readonly settings: PatchSettings;
}

const typingPause = 150;
const longPause = 400;
const continuation = { count: 20, temperature: 0, seed: 0 };
const plainPredictions = { temperature: 1, topK: 6 };

/** What the room shows, and what the worker computes for it. */
export class ChangeState {
  readonly workspace: Workspace;
  readonly editor: Editor;
  readonly comparison: LiveResult<ReadingInput, Comparison>;
  /** What as many random heads do as are switched off. */
  readonly randomHeads: LiveResult<ReadingInput, RandomHeads>;
  readonly maps: LiveResult<HeadRequest, HeadMaps>;
  readonly effects: EffectsState;
  readonly writing: LiveResult<ReadingInput, WrittenTexts>;
  readonly patches: LiveResult<PatchRequest, PatchReading>;
  /** Makes the files of pictures. */
  readonly exports: ExportFiles;
  readonly patchSettings: Signal<PatchSettings>;
  /** The position that the reader chose; undefined for the one that changes most. */
  readonly chosenPosition: Signal<number | undefined> = signal();
  readonly #compute: RoomCompute;

  constructor(compute: RoomCompute, workspace: Workspace, { effects, ...patchSettings }: ChangeView) {
    this.#compute = compute;
    this.workspace = workspace;
    this.editor = new Editor(workspace);
    this.patchSettings = signal(patchSettings);
    const { ask } = this;
    this.exports = new ExportFiles(async () => (await compute.calls).exports);
    this.effects = new EffectsState({ info: workspace.info, input: this.#readyInput }, this.#effectCalls(), effects);
    this.comparison = new LiveResult(
      (input) =>
        compare(input, {
          tokens: (each) => ask(each, async ({ reading }) => reading.tokens(modelsUrl, each)),
          predictions: (each) => ask(each, async ({ reading }) => reading.predictions(modelsUrl, each, plainPredictions)),
        }),
      typingPause,
    );
    this.randomHeads = new LiveResult(
      (input, { port }) => ask(input, async ({ change }) => finished(await change.randomHeads(modelsUrl, input, port))),
      longPause,
    );
    this.maps = new LiveResult(({ input, place }) =>
      readMaps(input, (each) => ask(each, async ({ reading }) => reading.head(modelsUrl, each, place))),
    );
    this.writing = new LiveResult(
      (input, { port }) =>
        writeTexts(input, (each) =>
          ask(each, async ({ reading }) => finished(await reading.generate(modelsUrl, each, continuation, port))),
        ),
      typingPause,
    );
    this.patches = new LiveResult(({ input, settings }, { port }) =>
      ask(input, async ({ change }) => finished(await change.patches(modelsUrl, input, settings, port))),
    );
  }

  get info(): ReadonlySignal<ModelInfo | undefined> {
    return this.workspace.info;
  }

  /** The head whose maps are shown: the one that the reader looks at, if the model has it. */
  readonly place: ReadonlySignal<HeadPlace | undefined> = computed(() => {
    const [info, { head }] = [this.info.value, this.workspace.state.value];
    if (info === undefined) return undefined;
    return partOfHead(info.stacks, head) === undefined ? info.firstHead : head;
  });

  /** The position whose predictions are shown side by side. */
  readonly position: ReadonlySignal<number> = computed(() => {
    const comparison = this.comparison.answered.value?.result;
    if (comparison === undefined) return 0;
    const last = comparison.before.positions.length - 1;
    const { after } = comparison;
    const most = after.ok ? mostChanged(positionChanges(comparison.before, after.result))?.position : undefined;
    return Math.min(this.chosenPosition.value ?? most ?? last, last);
  });

  /** Another model: nothing of the last one is shown. */
  #forget(): void {
    batch(() => {
      this.editor.clear();
      for (const each of [this.comparison, this.randomHeads, this.maps, this.writing, this.patches]) each.clear();
    });
  }

  /** Computes what the workspace asks for, now and after each change. @returns a function that stops this */
  start(): () => void {
    let shownModel = this.workspace.state.peek().model;
    const stops = [
      effect(() => {
        const { model } = this.workspace.state.value;
        if (model !== shownModel) untracked(() => this.#forget());
        shownModel = model;
      }),
      effect(() => {
        const input = this.#readyInput.value;
        if (input !== undefined) untracked(() => this.comparison.request(input));
      }),
      effect(() => {
        const [input, isQuick] = [this.#readyInput.value, this.effects.isAutomatic.value];
        if (input === undefined || !isQuick || this.info.value?.predicts !== "the next token") return;
        untracked(() => {
          this.writing.request(input);
          this.compareWithRandomHeads();
        });
      }),
      effect(() => {
        const [input, place] = [this.#readyInput.value, this.place.value];
        if (input !== undefined && place !== undefined) untracked(() => this.maps.request({ input, place }));
      }),
      this.effects.start(),
      effect(() => {
        void this.#text.value;
        untracked(() => (this.chosenPosition.value = undefined));
      }),
    ];
    return () => {
      for (const stop of stops) stop();
      this.#forget();
    };
  }

  /** What the link of the room holds. */
  get view(): ChangeView {
    return { ...this.patchSettings.value, effects: this.effects.on.value };
  }

  /** Takes over what a link holds. */
  follow({ effects, ...patchSettings }: ChangeView): void {
    batch(() => {
      this.effects.on.value = effects;
      this.patchSettings.value = patchSettings;
    });
  }

  addEdit(edit: EditSpec): void {
    this.editor.set([...this.editor.edits, edit]);
  }

  /** Lets the model write on. */
  write(): void {
    const input = this.#readyInput.value;
    if (input !== undefined) this.writing.request(input);
  }

  /** Measures what random heads do, if the edits only switch off heads. */
  compareWithRandomHeads(): void {
    const input = this.#readyInput.value;
    if (input !== undefined && ablatedSet(input.edits) !== undefined) this.randomHeads.request(input);
  }

  patch(patch: Partial<PatchSettings>): void {
    this.patchSettings.value = { ...this.patchSettings.value, ...patch };
  }

  /** Asks the worker about an input. */
  readonly ask = async <Answer>(input: ReadingInput, call: (calls: Awaited<RoomCompute["calls"]>) => Promise<Answer>): Promise<Answer> =>
    call(await callsAbout(this.#compute, this.workspace, input));

  readonly #text = computed(() => `${this.workspace.state.value.model} ${this.workspace.state.value.text}`);

  /** What is read, once its model is open. */
  readonly #readyInput: ReadonlySignal<ReadingInput | undefined> = computed(() => {
    const [info, input] = [this.workspace.info.value, this.workspace.input.value];
    return info?.id === input.model ? input : undefined;
  });

  #effectCalls(): EffectCalls {
    const { ask } = this;
    return {
      ablations: (input, { port }) => ask(input, async ({ reading }) => finished(await reading.ablations(modelsUrl, input, port))),
      layers: (input, onLayer, { port }) =>
        ask(input, async ({ reading }) => finished(await reading.layers(modelsUrl, input, this.place.value!, proxy(onLayer), port))),
    };
  }
}

/** A result that is undefined after a cancel, as no outcome. */
function finished<Result>(outcome: Outcome<Result | undefined>): Outcome<Result> | undefined {
  if (!outcome.ok) return outcome;
  return outcome.result === undefined ? undefined : { ok: true, result: outcome.result };
}
