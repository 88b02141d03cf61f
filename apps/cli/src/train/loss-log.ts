/** The mean loss of several steps, of which `step` is the last. */
export type LossPoint = readonly [step: number, loss: number];

/** Reduces losses to about a hundred means. The result does not depend on interruptions. */
export class LossLog {
  readonly #every: number;
  readonly #points: LossPoint[];
  /** Losses since the last point. */
  #pending: number[];

  /** @param saved the `toJSON` of a log to continue */
  constructor(steps: number, saved?: { readonly points: readonly LossPoint[]; readonly pending: readonly number[] }) {
    this.#every = Math.ceil(steps / 100);
    this.#points = [...(saved?.points ?? [])];
    this.#pending = [...(saved?.pending ?? [])];
  }

  add(step: number, loss: number): void {
    this.#pending.push(loss);
    if (step % this.#every !== 0) return;
    const mean = this.#pending.reduce((total, each) => total + each, 0) / this.#pending.length;
    this.#points.push([step, Number(mean.toFixed(5))]);
    this.#pending = [];
  }

  get points(): readonly LossPoint[] {
    return this.#points;
  }

  toJSON(): { points: readonly LossPoint[]; pending: readonly number[] } {
    return { points: this.#points, pending: this.#pending };
  }
}
