/** The mean loss of some steps, up to and with `step`. */
export type LossPoint = readonly [step: number, loss: number];

/** Losses thinned to a hundred means, the same whether a training was interrupted or not. */
export class LossLog {
  readonly #every: number;
  readonly #points: LossPoint[];
  /** Of the steps since the last point. */
  #pending: number[];

  /** @param saved `toJSON` of an earlier one, to go on from */
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
