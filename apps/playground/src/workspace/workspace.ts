import { batch, computed, type ReadonlySignal, type Signal, signal } from "@preact/signals";
import { areKin, type ModelId } from "../models/model-id.js";
import type { Example, HeadPlace, ModelInfo } from "../models/model-info.js";
import type { EditSpec } from "../reading/edit-spec.js";
import type { ReadingInput } from "../reading/reading-input.js";

/** What all rooms share: the chosen model, the text, the edits and the head that the reader looks at. A link holds all of it. */
export interface WorkspaceState extends ReadingInput {
  readonly head: HeadPlace;
}

/**
 * The state that all rooms share. A change is either a step, which Back undoes, or a refinement of the last step, for example
 * another letter of the text.
 */
export class Workspace {
  readonly #state: Signal<WorkspaceState>;
  readonly #info = signal<ModelInfo | undefined>();
  /** The model that the text was written or chosen for. */
  #textModel: ModelId | undefined;
  /** Called after each change. `isStep` tells whether Back should return to the state before. */
  onChange: (state: WorkspaceState, isStep: boolean) => void = () => {};
  /** What is read; a new object only when it differs. */
  readonly input: ReadonlySignal<ReadingInput>;

  constructor(state: WorkspaceState) {
    this.#state = signal(state);
    this.#textModel = state.text === "" ? undefined : state.model;
    let last: ReadingInput = state;
    this.input = computed(() => {
      const { model, text, answer, edits } = this.#state.value;
      const isSame = last.model === model && last.text === text && last.answer === answer && last.edits === edits;
      if (!isSame) last = { model, text, answer, edits };
      return last;
    });
  }

  get state(): ReadonlySignal<WorkspaceState> {
    return this.#state;
  }

  /** The chosen model, once it is open. */
  get info(): ReadonlySignal<ModelInfo | undefined> {
    return this.#info;
  }

  /** Takes over the state of a link, or of the history. */
  restore(state: WorkspaceState): void {
    const { model, edits } = this.#state.value;
    const isSame = JSON.stringify(state.edits) === JSON.stringify(edits);
    batch(() => {
      if (state.model !== model) this.#info.value = undefined;
      if (state.text !== "" || this.#textModel !== state.model) this.#textModel = state.text === "" ? undefined : state.model;
      this.#state.value = isSame ? { ...state, edits } : state;
    });
  }

  /**
   * Chooses a model. When it is open, its first example replaces the text, unless the reader has written one for it, or for the same
   * model before training.
   */
  chooseModel(model: ModelId): void {
    if (model === this.#state.value.model) return;
    this.#info.value = undefined;
    this.#change({ model, edits: [] }, true);
  }

  /** Tells what an opened model is like. */
  opened(info: ModelInfo): void {
    if (info.id !== this.#state.value.model) return;
    batch(() => {
      this.#info.value = info;
      if (this.#textModel === undefined || !areKin(this.#textModel, info.id)) this.show(info.examples[0], info.firstHead);
    });
  }

  /** Shows an example, and a head with it: by default that of the example, else the one that is shown. */
  show(example: Example, head: HeadPlace = example.head ?? this.#state.value.head): void {
    this.#changeText({ text: example.text, answer: example.answer ?? "", head });
  }

  write(text: string): void {
    this.#changeText({ text });
  }

  writeAnswer(answer: string): void {
    this.#changeText({ answer });
  }

  /** Looks at another head. */
  lookAt(head: HeadPlace): void {
    this.#change({ head }, false);
  }

  /** Shows another model, text, head and edits at once. */
  enter(state: WorkspaceState): void {
    this.restore(state);
    this.onChange(state, true);
  }

  /** Replaces the edits. */
  edit(edits: readonly EditSpec[]): void {
    this.#change({ edits }, true);
  }

  #changeText(patch: Partial<WorkspaceState>): void {
    this.#textModel = this.#state.value.model;
    this.#change(patch, false);
  }

  #change(patch: Partial<WorkspaceState>, isStep: boolean): void {
    this.#state.value = { ...this.#state.value, ...patch };
    this.onChange(this.#state.value, isStep);
  }
}
