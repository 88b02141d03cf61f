import { batch, computed, effect, type ReadonlySignal, type Signal, signal } from "@preact/signals";
import type { Compute } from "../../compute/compute-client.js";
import type { ModelInfo } from "../../models/model-info.js";
import { modelsUrl } from "../../models/model-list.js";
import { defaultSettings } from "./settings.js";
import { LatestRequest } from "../../compute/latest-request.js";
import { type Failure, failureFrom, type Outcome } from "../../compute/outcome.js";
import { type AttentionLink, writeLink } from "./link.js";
import type { AttentionPicture, PictureNumbers } from "./picture.js";
import type { AttentionSettings } from "./settings.js";
import type { AttentionView, Cell } from "./view.js";

/** A picture with the settings it was computed from. */
export interface DrawnPicture extends AttentionPicture {
  readonly settings: AttentionSettings;
}

/** A cell under the pointer, in one head's map. */
export interface HoveredCell extends Cell {
  readonly head: number;
  readonly x: number;
  readonly y: number;
}

const typingPause = 150;
// Long enough that the tooltip does not flicker between neighbouring maps.
const leavePause = 120;

/** The attention room's state: what is asked for, what is drawn, what is looked at. */
export class RoomState {
  readonly settings: Signal<AttentionSettings>;
  readonly view: Signal<AttentionView>;
  readonly picture: Signal<DrawnPicture | undefined> = signal();
  readonly numbers: Signal<PictureNumbers | undefined> = signal();
  readonly failure: Signal<Failure | undefined> = signal();
  readonly busy: Signal<boolean> = signal(true);
  /** The trained model that was chosen, once it is open. */
  readonly model: Signal<ModelInfo | undefined> = signal();
  readonly hovered: Signal<HoveredCell | undefined> = signal();
  /** The pinned cell when it lies in the picture. */
  readonly pinned: ReadonlySignal<Cell | undefined> = computed(() => inside(this.view.value.pinned, this.picture.value));
  /** The looked-at head when the picture has it, else its last. */
  readonly head: ReadonlySignal<number> = computed(() => Math.min(this.view.value.head, (this.picture.value?.heads ?? Infinity) - 1));
  readonly #compute: Compute;
  readonly #requests: LatestRequest<AttentionSettings>;
  #leaving: ReturnType<typeof setTimeout> | undefined;
  #left = false;

  constructor(compute: Compute, link: AttentionLink) {
    this.settings = signal(link.settings);
    this.view = signal(link.view);
    this.#compute = compute;
    this.#requests = new LatestRequest((settings) => this.#draw(settings), typingPause);
    this.#requests.ask(link.settings, 0);
  }

  /** Changes what is computed. */
  change(patch: Partial<AttentionSettings>): void {
    this.settings.value = { ...this.settings.value, ...patch };
    this.busy.value = true;
    this.#requests.ask(this.settings.value);
  }

  /** Shows a trained model on its own probe, or freshly drawn weights again. */
  async chooseModel(name: string): Promise<void> {
    this.model.value = undefined;
    if (name === "") {
      const { text, keyText } = defaultSettings;
      this.change({ model: "", layer: 0, part: "self", text, keyText });
      return;
    }
    this.busy.value = true;
    this.settings.value = { ...this.settings.value, model: name, layer: 0 };
    const info = await this.#open(name);
    if (info === undefined) return;
    const { text = this.settings.value.text, answer = "" } = info.probe ?? {};
    this.change({ part: info.parts[0]!.part, text, keyText: answer });
  }

  /** Frees what the room keeps in the worker, and asks for nothing more. */
  async leave(): Promise<void> {
    this.#left = true;
    await (await this.#compute.calls).attentionLeave();
  }

  /** Goes where a link leads; the picture stays until the next one is drawn. */
  follow({ settings, view }: AttentionLink): void {
    this.view.value = view;
    this.change(settings);
  }

  /** Changes what is looked at. */
  look(patch: Partial<AttentionView>): void {
    this.view.value = { ...this.view.value, ...patch };
  }

  /** Pins a cell; the pinned cell again lets it go. */
  pin(cell: Cell): void {
    const { value: pinned } = this.pinned;
    this.look({ pinned: pinned?.query === cell.query && pinned.key === cell.key ? undefined : cell });
  }

  hover(cell: HoveredCell | undefined): void {
    clearTimeout(this.#leaving);
    if (cell !== undefined) this.hovered.value = cell;
    else this.#leaving = setTimeout(() => (this.hovered.value = undefined), leavePause);
  }

  /** Why a query may or may not attend to a key in the drawn picture. */
  async explain(picture: DrawnPicture, cell: Cell): Promise<string> {
    const calls = await this.#compute.calls;
    return await calls.attentionExplain(picture.settings, picture.keyTokens.length, cell);
  }

  /** Hands the drawn state to whoever keeps the link; returns how to stop. */
  noteTo(note: (parameters: URLSearchParams) => void): () => void {
    return effect(() => {
      if (this.picture.value !== undefined) note(writeLink({ settings: this.picture.value.settings, view: this.view.value }));
    });
  }

  /** Draws what can be drawn; a failure leaves the last picture where it is. */
  async #draw(settings: AttentionSettings): Promise<void> {
    if (this.#left) return;
    try {
      const calls = await this.#compute.calls;
      if (settings.model !== "" && this.model.value?.name !== settings.model && !(await this.#open(settings.model))) return;
      const outcome = await calls.attentionPicture(settings, modelsUrl);
      if (outcome.ok) this.#show({ ...outcome.result, settings });
      else this.#fail(outcome.failure);
      if (!outcome.ok || this.#requests.overtaken) return;
      this.numbers.value = await calls.attentionNumbers();
    } catch (error) {
      this.#fail(failureFrom(error, "sizes"));
    }
  }

  /** What a model is; undefined where it cannot be opened, or is no longer asked for. */
  async #open(name: string): Promise<ModelInfo | undefined> {
    const outcome = await this.#askFor(name);
    if (this.#left || this.settings.value.model !== name) return undefined;
    if (!outcome.ok) {
      this.#fail(outcome.failure);
      return undefined;
    }
    this.model.value = outcome.result;
    return outcome.result;
  }

  async #askFor(name: string): Promise<Outcome<ModelInfo>> {
    try {
      return await (await this.#compute.calls).attentionModel(name, modelsUrl);
    } catch (error) {
      return { ok: false, failure: failureFrom(error, "model") };
    }
  }

  #show(picture: DrawnPicture): void {
    batch(() => {
      this.picture.value = picture;
      this.numbers.value = undefined;
      this.failure.value = undefined;
      this.hovered.value = undefined;
      this.busy.value = this.#requests.overtaken;
    });
  }

  #fail(failure: Failure): void {
    batch(() => {
      this.failure.value = failure;
      this.busy.value = this.#requests.overtaken;
    });
  }
}

function inside(cell: Cell | undefined, picture: AttentionPicture | undefined): Cell | undefined {
  if (cell === undefined || picture === undefined) return undefined;
  return cell.query < picture.queryTokens.length && cell.key < picture.keyTokens.length ? cell : undefined;
}
