import { batch, type ReadonlySignal, type Signal, signal } from "@preact/signals";
import type { Failure } from "../../../compute/outcome.js";
import type { AttentionStack } from "../../../models/model-info.js";
import type { EditSpec } from "../../../reading/edit-spec.js";
import type { Workspace } from "../../../workspace/workspace.js";
import { draftFrom, type EditDraft, editsFrom, emptyDraft } from "./edit-draft.js";
import { moved, replaced, toggleHead } from "./edit-list.js";

/** The form that makes and changes edits, and the list of edits. */
export class Editor {
  readonly #workspace: Workspace;
  readonly #draft: Signal<EditDraft | undefined> = signal();
  readonly #changing: Signal<number | undefined> = signal();
  readonly #failure: Signal<Failure | undefined> = signal();

  constructor(workspace: Workspace) {
    this.#workspace = workspace;
  }

  get edits(): readonly EditSpec[] {
    return this.#workspace.state.value.edits;
  }

  get stacks(): readonly AttentionStack[] {
    return this.#workspace.info.value?.stacks ?? [];
  }

  /** What the form holds. */
  get draft(): EditDraft {
    return this.#draft.value ?? emptyDraft(this.stacks);
  }

  /** The index of the edit that the form changes; undefined while it makes a new one. */
  get changing(): ReadonlySignal<number | undefined> {
    return this.#changing;
  }

  /** Why the form makes no edit. */
  failureOf(field: string): string | undefined {
    return this.#failure.value?.field === field ? this.#failure.value.sentence : undefined;
  }

  write(patch: Partial<EditDraft>): void {
    batch(() => {
      this.#draft.value = { ...this.draft, ...patch };
      this.#failure.value = undefined;
    });
  }

  /** Makes the edits of the form, or the change of an edit. @returns whether nothing was missing */
  submit(): boolean {
    const outcome = editsFrom(this.draft, this.stacks);
    if (!outcome.ok) {
      this.#failure.value = outcome.failure;
      return false;
    }
    const index = this.#changing.value;
    const next = index === undefined ? [...this.edits, ...outcome.result] : replaced(this.edits, index, outcome.result);
    batch(() => {
      this.clear();
      this.#workspace.edit(next);
    });
    return true;
  }

  /** Empties the form; the kind of edit stays. */
  clear(): void {
    batch(() => {
      const { kind } = this.draft;
      this.#draft.value = { ...emptyDraft(this.stacks), kind };
      this.#changing.value = undefined;
      this.#failure.value = undefined;
    });
  }

  /** Opens an edit in the form. */
  change(index: number): void {
    const edit = this.edits[index];
    const draft = edit && draftFrom(edit, this.stacks);
    if (draft === undefined) return;
    batch(() => {
      this.#draft.value = draft;
      this.#changing.value = index;
      this.#failure.value = undefined;
    });
  }

  /** Puts an edit in the place of another one. */
  replace(index: number, edit: EditSpec): void {
    this.#workspace.edit(replaced(this.edits, index, [edit]));
  }

  remove(index: number): void {
    this.#edit(replaced(this.edits, index, []));
  }

  move(index: number, by: number): void {
    this.#edit(moved(this.edits, index, by));
  }

  /** Switches a head off, or on again. */
  toggle(part: string, head: number): void {
    this.#edit(toggleHead(this.edits, part, head, "zero"));
  }

  set(edits: readonly EditSpec[]): void {
    this.#edit(edits);
  }

  /** Indices have changed, so that the form no longer changes an edit. */
  #edit(edits: readonly EditSpec[]): void {
    batch(() => {
      if (this.#changing.value !== undefined) this.clear();
      this.#workspace.edit(edits);
    });
  }
}
