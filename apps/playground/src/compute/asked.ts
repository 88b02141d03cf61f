import { batch, effect, type Signal, signal } from "@preact/signals";
import { LatestRequest } from "./latest-request.js";
import { type Failure, failureFrom, type Outcome } from "./outcome.js";

/** What was computed, with the settings it was computed from. */
export interface Answer<Settings, Picture> {
  readonly settings: Settings;
  readonly picture: Picture;
}

const typingPause = 150;

/** Settings that the reader changes, and the newest picture that the worker made of them. */
export class Asked<Settings extends object, Picture> {
  readonly settings: Signal<Settings>;
  readonly answer: Signal<Answer<Settings, Picture> | undefined> = signal();
  readonly failure: Signal<Failure | undefined> = signal();
  readonly busy: Signal<boolean> = signal(true);
  readonly #compute: (settings: Settings) => Promise<Outcome<Picture>>;
  readonly #requests: LatestRequest<Settings>;

  constructor(settings: Settings, compute: (settings: Settings) => Promise<Outcome<Picture>>) {
    this.settings = signal(settings);
    this.#compute = compute;
    this.#requests = new LatestRequest((asked) => this.#ask(asked), typingPause);
    this.#requests.ask(settings, 0);
  }

  /** Changes what is computed; the last picture stays until the next is there. */
  change(patch: Partial<Settings>): void {
    this.settings.value = { ...this.settings.value, ...patch };
    this.busy.value = true;
    this.#requests.ask(this.settings.value);
  }

  /** The sentence for an input, when the last request failed by it. */
  failureOf(field: string): string | undefined {
    const { value: failure } = this.failure;
    return failure?.field === field ? failure.sentence : undefined;
  }

  /** Hands the settings of each picture to whoever keeps the link; returns how to stop. */
  noteTo(note: (settings: Settings) => void): () => void {
    return effect(() => {
      if (this.answer.value !== undefined) note(this.answer.value.settings);
    });
  }

  async #ask(settings: Settings): Promise<void> {
    const outcome = await this.#compute(settings).catch((error) => ({ ok: false as const, failure: failureFrom(error, "sizes") }));
    batch(() => {
      if (outcome.ok) this.answer.value = { settings, picture: outcome.result };
      this.failure.value = outcome.ok ? undefined : outcome.failure;
      this.busy.value = this.#requests.overtaken;
    });
  }
}
