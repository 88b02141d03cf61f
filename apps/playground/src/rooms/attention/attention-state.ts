import { batch, computed, effect, type ReadonlySignal, type Signal, signal } from "@preact/signals";
import { failureFrom, type Outcome } from "../../compute/outcome.js";
import type { ModelInfo } from "../../models/model-info.js";
import { modelsUrl } from "../../models/model-list.js";
import type { Cell } from "../../ui/heat-map.js";
import { PictureState } from "../picture-state.js";
import type { RoomCompute } from "../room.js";
import { type AttentionLink, writeLink } from "./link.js";
import type { AttentionPicture, PictureNumbers } from "./picture.js";
import { type AttentionSettings, defaultSettings } from "./settings.js";
import type { AttentionView } from "./view.js";

/** A picture with the settings it was computed from. */
export interface DrawnPicture extends AttentionPicture {
  readonly settings: AttentionSettings;
}

/** The cell under the pointer, in one head's map. */
export interface HoveredCell extends Cell {
  readonly head: number;
  readonly x: number;
  readonly y: number;
}

/** Milliseconds; long enough that the tooltip does not flicker between neighbouring maps. */
const hoverDelay = 120;

/** The state of the attention room: the settings and their picture, the trained model, and what the reader looks at. */
export class AttentionState {
  readonly pictureState: PictureState<AttentionSettings, AttentionPicture>;
  readonly view: Signal<AttentionView>;
  readonly picture: ReadonlySignal<DrawnPicture | undefined> = computed(() => this.#drawnPicture());
  readonly numbers: Signal<PictureNumbers | undefined> = signal();
  /** The chosen trained model, once it is open. */
  readonly model: Signal<ModelInfo | undefined> = signal();
  readonly hovered: Signal<HoveredCell | undefined> = signal();
  /** The pinned cell, if the picture has it. */
  readonly pinned: ReadonlySignal<Cell | undefined> = computed(() => inside(this.view.value.pinned, this.picture.value));
  /** The chosen head, or the last one if the picture has fewer. */
  readonly head: ReadonlySignal<number> = computed(() => Math.min(this.view.value.head, (this.picture.value?.heads ?? Infinity) - 1));
  readonly #compute: RoomCompute;
  #hoverTimer: ReturnType<typeof setTimeout> | undefined;
  #left = false;

  constructor(compute: RoomCompute, link: AttentionLink) {
    this.#compute = compute;
    this.view = signal(link.view);
    this.pictureState = new PictureState(link.settings, {
      compute: (settings) => this.#draw(settings),
      afterwards: () => this.#measure(),
    });
  }

  /** Shows a trained model with its example text, or randomly initialised weights when the name is empty. */
  async chooseModel(name: string): Promise<void> {
    this.model.value = undefined;
    if (name === "") {
      const { text, keyText } = defaultSettings;
      this.pictureState.change({ model: "", layer: 0, part: "self", text, keyText });
      return;
    }
    this.pictureState.prepare({ model: name, layer: 0 });
    const info = await this.#open(name);
    if (info === undefined) return;
    const { text = this.pictureState.settings.value.text, answer = "" } = info.probe ?? {};
    this.pictureState.change({ part: info.parts[0]!.part, text, keyText: answer });
  }

  /** Frees what the worker keeps for the room; nothing more is computed. */
  async leave(): Promise<void> {
    this.#left = true;
    await (await this.#compute.calls).attention.leave();
  }

  /** Applies the settings and view of a link. */
  follow({ settings, view }: AttentionLink): void {
    this.view.value = view;
    this.pictureState.change(settings);
  }

  /** Changes what the reader looks at. */
  look(patch: Partial<AttentionView>): void {
    this.view.value = { ...this.view.value, ...patch };
  }

  /** Pins a cell; unpins it if it is pinned already. */
  togglePin(cell: Cell): void {
    const { value: pinned } = this.pinned;
    this.look({ pinned: pinned?.query === cell.query && pinned.key === cell.key ? undefined : cell });
  }

  hover(cell: HoveredCell | undefined): void {
    clearTimeout(this.#hoverTimer);
    if (cell !== undefined) this.hovered.value = cell;
    else this.#hoverTimer = setTimeout(() => (this.hovered.value = undefined), hoverDelay);
  }

  /** Why a query may or may not attend to a key of the picture. */
  async explain(cell: Cell): Promise<string> {
    return (await this.#compute.calls).attention.explain(cell);
  }

  /** Calls `save` with the parameters of a link whenever picture or view change. @returns a function that stops this */
  saveLink(save: (parameters: URLSearchParams) => void): () => void {
    return effect(() => {
      if (this.picture.value !== undefined) save(writeLink({ settings: this.picture.value.settings, view: this.view.value }));
    });
  }

  async #draw(settings: AttentionSettings): Promise<Outcome<AttentionPicture> | undefined> {
    if (this.#left) return undefined;
    const { attention } = await this.#compute.calls;
    const isOpen = settings.model === "" || this.model.value?.name === settings.model;
    if (!isOpen && (await this.#open(settings.model)) === undefined) return undefined;
    return attention.picture(settings, modelsUrl);
  }

  async #measure(): Promise<void> {
    batch(() => {
      this.numbers.value = undefined;
      this.hovered.value = undefined;
    });
    if (!this.pictureState.busy.value) this.numbers.value = await (await this.#compute.calls).attention.numbers();
  }

  /** Opens a trained model; undefined if it fails to open or is no longer wanted. */
  async #open(name: string): Promise<ModelInfo | undefined> {
    const outcome = await this.#requestModel(name);
    if (this.#left || this.pictureState.settings.value.model !== name) return undefined;
    if (!outcome.ok) {
      this.pictureState.fail(outcome.failure);
      return undefined;
    }
    this.model.value = outcome.result;
    return outcome.result;
  }

  async #requestModel(name: string): Promise<Outcome<ModelInfo>> {
    try {
      return await (await this.#compute.calls).attention.openModel(name, modelsUrl);
    } catch (error) {
      return { ok: false, failure: failureFrom(error, "model") };
    }
  }

  #drawnPicture(): DrawnPicture | undefined {
    const { value: drawn } = this.pictureState.drawn;
    return drawn && { ...drawn.picture, settings: drawn.settings };
  }
}

function inside(cell: Cell | undefined, picture: AttentionPicture | undefined): Cell | undefined {
  if (cell === undefined || picture === undefined) return undefined;
  return cell.query < picture.queryTokens.length && cell.key < picture.keyTokens.length ? cell : undefined;
}
