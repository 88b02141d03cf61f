import { batch, computed, effect, type ReadonlySignal, type Signal, signal, untracked } from "@preact/signals";
import { hashOf } from "../routing/hash.js";
import type { Router } from "../routing/router.js";
import { noSteps, reached, redone, stepped, type Steps, stepsWithout, type Timeline, undone } from "./steps.js";
import type { Workspace, WorkspaceState } from "./workspace.js";
import { isOwn, ownParameters, readWorkspace, writeWorkspace } from "./workspace-link.js";

/**
 * What a change of a room's parameters is: a step, which Undo and Back undo; more of the last step, for example another digit; another
 * place, from which only Back returns; or a refinement, which stays when the last step is undone.
 */
export type LinkChange = "step" | "more" | "place" | "refinement";

/** What an entry of the history remembers besides its link. */
export interface EntryState extends Steps {
  /** Whether a step made this entry and nothing has changed since, so that Back undoes it. */
  readonly isStep: boolean;
}

const firstEntry: EntryState = { ...noSteps, isStep: false };

/** Keeps the link of the page and the workspace the same, and undoes steps. */
export class LinkKeeper {
  readonly #workspace: Workspace;
  readonly #router: Router<EntryState>;
  readonly #roomOf: (name: string) => string;
  readonly #entry: Signal<EntryState> = signal(firstEntry);
  /** The parameters of each room that has been visited, without those of the workspace. */
  readonly #own = new Map<string, URLSearchParams>();
  readonly #isEmbedded: Signal<boolean> = signal(false);
  #state: WorkspaceState;
  readonly canUndo: ReadonlySignal<boolean> = computed(() => this.#entry.value.undo.length > 0);
  readonly canRedo: ReadonlySignal<boolean> = computed(() => this.#entry.value.redo.length > 0);

  /** @param roomOf the room that a name in a link leads to */
  constructor(workspace: Workspace, router: Router<EntryState>, roomOf: (name: string) => string) {
    this.#workspace = workspace;
    this.#router = router;
    this.#roomOf = roomOf;
    this.#state = workspace.state.peek();
    workspace.onChange = (state, isStep) => this.#onChange(state, isStep);
    effect(() => {
      const { parameters } = router.route.value;
      untracked(() => this.#follow(parameters));
    });
  }

  /** The room that is shown. */
  get room(): string {
    return this.#roomOf(this.#router.route.value.room);
  }

  /** Whether another page shows this one in a frame, without header and controls. */
  get isEmbedded(): ReadonlySignal<boolean> {
    return this.#isEmbedded;
  }

  /** The link of a room with the workspace, and with the parameters that the room had last. */
  linkOf(room: string): string {
    return hashOf(room, this.#parametersOf(room, this.#workspace.state.value));
  }

  /** Saves the parameters of a room in the link. An effect that saves does not follow the link. */
  saveRoom(room: string, own: URLSearchParams, change: LinkChange): void {
    untracked(() => {
      const before = this.#timeline();
      const isSame = sorted(this.#own.get(room)) === sorted(own);
      this.#own.set(room, own);
      if (!isSame && room === this.room) this.#saveOwn(before, change);
    });
  }

  /** Undoes the last step: by Back if nothing else has changed since, otherwise by a further entry. */
  undo(): void {
    const before = undone(this.#timeline());
    if (before === undefined) return;
    if (this.#entry.value.isStep) this.#router.back();
    else this.#go(before, false);
  }

  /** Makes the step that was undone last again. */
  redo(): void {
    const next = redone(this.#timeline());
    if (next !== undefined) this.#go(next, true);
  }

  #follow(parameters: URLSearchParams): void {
    const before = this.#timeline();
    const read = readWorkspace(parameters);
    const isSameModel = read.model === this.#state.model;
    // A link without a text is about the reader's own.
    const isAboutOwn = isSameModel && !parameters.has("text") && this.#state.text !== "";
    const { text, answer, head } = this.#state;
    const own = ownParameters(parameters);
    batch(() => {
      this.#isEmbedded.value = own.get("embed") === "1";
      own.delete("embed");
      this.#own.set(this.room, own);
      this.#workspace.restore(isAboutOwn ? { ...read, text, answer, head } : read);
      this.#state = this.#workspace.state.peek();
      this.#entry.value = this.#entryAfter(before, isSameModel);
    });
    if (isAboutOwn) this.#save(this.#entry.peek(), false);
    else this.#router.mark(this.#entry.peek());
  }

  /** What is known of the entry that the reader has gone to. A link leads to another place, where the steps of the room end. */
  #entryAfter(before: Timeline, isSameModel: boolean): EntryState {
    const { state } = this.#router;
    if (!isKnown(state)) return isSameModel ? { ...stepsWithout(before, isOwn), isStep: false } : firstEntry;
    return isSameModel ? { ...stepsOf(reached(before, { ...this.#timeline(), ...state })), isStep: state.isStep } : state;
  }

  #onChange(state: WorkspaceState, isStep: boolean): void {
    const before = this.#timeline();
    const { model, text, answer } = this.#state;
    this.#state = state;
    const entry = this.#entry.value;
    if (state.model !== model) this.#save(firstEntry, isStep);
    else if (isStep) this.#step(before);
    else this.#save({ ...entry, isStep: entry.isStep && state.text === text && state.answer === answer }, false);
  }

  #saveOwn(before: Timeline, change: LinkChange): void {
    if (change === "step") this.#step(before);
    else if (change === "place") this.#save({ ...stepsWithout(before, isOwn), isStep: false }, true);
    else this.#save({ ...stepsOf(before), isStep: change === "more" && this.#entry.peek().isStep }, false);
  }

  /** A step from what was shown before to what the workspace and the room hold now. */
  #step(before: Timeline): void {
    this.#save({ ...stepsOf(stepped(before, this.#timeline().now)), isStep: true }, true);
  }

  #save(entry: EntryState, isNew: boolean): void {
    this.#entry.value = entry;
    const hash = this.linkOf(this.room);
    if (isNew) this.#router.push(hash, entry);
    else this.#router.replace(hash, entry);
  }

  #go(timeline: Timeline, isStep: boolean): void {
    this.#router.go(hashOf(this.room, new URLSearchParams(timeline.now)), { ...stepsOf(timeline), isStep });
  }

  #timeline(): Timeline {
    return { ...stepsOf(this.#entry.peek()), now: Object.fromEntries(this.#parametersOf(this.room, this.#state)) };
  }

  #parametersOf(room: string, state: WorkspaceState): URLSearchParams {
    const parameters = writeWorkspace(state);
    if (this.#workspace.info.value !== undefined) parameters.set("text", state.text); // the reader's, even if it is empty
    for (const [name, value] of this.#own.get(room) ?? []) parameters.set(name, value);
    if (this.#isEmbedded.value) parameters.set("embed", "1");
    return parameters;
  }
}

/** A link that was followed has made an entry without a state; an older build of the page made others. */
function isKnown(state: EntryState | undefined): state is EntryState {
  return state?.redo !== undefined;
}

function stepsOf({ undo, redo, count }: Steps): Steps {
  return { undo, redo, count };
}

/** Parameters in an order that does not depend on which was set first. */
function sorted(parameters: URLSearchParams | undefined): string {
  const copy = new URLSearchParams(parameters);
  copy.sort();
  return copy.toString();
}
