import { computed, type ReadonlySignal, type Signal, signal } from "@preact/signals";
import { proxy } from "comlink";
import { LiveResult } from "../../compute/live-result.js";
import type { TwinPoint, TwinSettings } from "../../training/twin-settings.js";
import type { RoomCompute } from "../room.js";

/** Two trainings, which continue while the reader is in another room. */
export class TwinRun {
  readonly #points: Signal<readonly TwinPoint[]> = signal([]);
  readonly #training: LiveResult<TwinSettings, readonly TwinPoint[] | undefined>;
  readonly #settings: Signal<TwinSettings | undefined> = signal();
  readonly isRunning: ReadonlySignal<boolean> = computed(() => this.#training.busy.value);

  constructor(compute: RoomCompute) {
    this.#training = new LiveResult(async (settings, { port }) => {
      this.#points.value = [];
      const onPoint = proxy((point: TwinPoint) => void (this.#points.value = [...this.#points.value, point]));
      return (await compute.calls).scale.twins(settings, onPoint, port);
    });
  }

  /** What was measured so far. */
  get points(): ReadonlySignal<readonly TwinPoint[]> {
    return this.#points;
  }

  /** What is or was trained; undefined before the first training. */
  get settings(): ReadonlySignal<TwinSettings | undefined> {
    return this.#settings;
  }

  get training(): Pick<LiveResult<TwinSettings, unknown>, "task" | "failure"> {
    return this.#training;
  }

  start(settings: TwinSettings): void {
    this.#settings.value = settings;
    this.#training.request(settings);
  }

  stop(): void {
    this.#training.cancel();
  }
}

const runs = new WeakMap<RoomCompute, TwinRun>();

/** The twin trainings of the page: they outlive the room. */
export function twinRunOf(compute: RoomCompute): TwinRun {
  const known = runs.get(compute);
  if (known !== undefined) return known;
  const made = new TwinRun(compute);
  runs.set(compute, made);
  return made;
}
