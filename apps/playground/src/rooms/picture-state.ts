import { batch, effect, type Signal, signal } from "@preact/signals";
import { LatestRequest } from "../compute/latest-request.js";
import { type Failure, failureFrom, type Outcome } from "../compute/outcome.js";
import { askAgain } from "../compute/worker-lost.js";

/** A picture and the settings it was computed from. */
export interface Drawn<Settings, Picture> {
  readonly settings: Settings;
  readonly picture: Picture;
}

/** The properties of a form field that edits one setting. */
export interface SettingField<Name, Value> {
  readonly name: Name;
  readonly value: Value;
  readonly onChange: (value: Value) => void;
}

/** How a picture is computed. */
export interface PictureSource<Settings, Picture> {
  /** Computes the picture; undefined when it is no longer wanted. */
  readonly compute: (settings: Settings) => Promise<Outcome<Picture> | undefined>;
  /** Runs after each picture, before the next one is computed. */
  readonly afterwards?: () => Promise<void>;
}

const typingPause = 150;

/** The settings of a room and the latest picture that the worker computed from them. */
export class PictureState<Settings extends object, Picture> {
  readonly settings: Signal<Settings>;
  readonly drawn: Signal<Drawn<Settings, Picture> | undefined> = signal();
  readonly failure: Signal<Failure | undefined> = signal();
  readonly busy: Signal<boolean> = signal(true);
  readonly #source: PictureSource<Settings, Picture>;
  readonly #requests: LatestRequest<Settings>;

  constructor(settings: Settings, source: PictureSource<Settings, Picture>) {
    this.settings = signal(settings);
    this.#source = source;
    this.#requests = new LatestRequest((latest) => this.#draw(latest), typingPause);
    this.#requests.request(settings, 0);
  }

  /** Changes settings and requests a new picture; the old picture stays until the new one is ready. */
  change(patch: Partial<Settings>): void {
    this.prepare(patch);
    this.#requests.request(this.settings.value);
  }

  /** Changes settings without requesting a picture; call `change` or `fail` next. */
  prepare(patch: Partial<Settings>): void {
    this.settings.value = { ...this.settings.value, ...patch };
    this.busy.value = true;
  }

  /** Shows a failure; the last picture stays. */
  fail(failure: Failure): void {
    batch(() => {
      this.failure.value = failure;
      this.busy.value = this.#requests.hasNewer;
    });
  }

  /** The properties of a field that edits a setting. */
  field<Name extends keyof Settings>(name: Name): SettingField<Name, Settings[Name]> {
    const onChange = (value: Settings[Name]): void => {
      const changed = { ...this.settings.value };
      changed[name] = value;
      this.change(changed);
    };
    return { name, value: this.settings.value[name], onChange };
  }

  /** The failure of one field, if the last request failed because of it. */
  failureOf(field: string): string | undefined {
    const { value: failure } = this.failure;
    return failure?.field === field ? failure.sentence : undefined;
  }

  /** Calls `save` with the settings of every picture. @returns a function that stops this */
  saveSettings(save: (settings: Settings) => void): () => void {
    return effect(() => {
      if (this.drawn.value !== undefined) save(this.drawn.value.settings);
    });
  }

  async #draw(settings: Settings): Promise<void> {
    try {
      const outcome = await askAgain(() => this.#source.compute(settings));
      if (outcome === undefined) return;
      if (outcome.ok) this.#show({ settings, picture: outcome.result });
      else this.fail(outcome.failure);
      if (outcome.ok) await this.#source.afterwards?.();
    } catch (error) {
      this.fail(failureFrom(error, "sizes"));
    }
  }

  #show(drawn: Drawn<Settings, Picture>): void {
    batch(() => {
      this.drawn.value = drawn;
      this.failure.value = undefined;
      this.busy.value = this.#requests.hasNewer;
    });
  }
}
