import { add, div, dispose, type Tensor } from "@tensorflow/tfjs-core";
import { hold, own, refuse, scope, ValueError } from "@tfblocks/tensor-utils";
import type { Gradients } from "./value-and-gradients.js";

/**
 * The mean of the gradients of several small batches. It equals the gradients of one large batch if each loss is the
 * mean over the same number of labels.
 *
 * Holds one sum for each parameter. A missing gradient counts as 0.
 */
export class GradientAccumulator {
  readonly #sums = new Map<string, Tensor>();
  #count = 0;

  /** Adds the gradients of one batch, which are borrowed. */
  add(gradients: Readonly<Gradients>): void {
    for (const [name, each] of Object.entries(gradients)) {
      const before = this.#sums.get(name);
      this.#sums.set(name, before === undefined ? hold(each) : scope(() => hold(add(before, each))));
      before?.dispose();
    }
    this.#count++;
  }

  /**
   * The mean; the caller owns the tensors.
   *
   * @throws ValueError when nothing was added
   */
  mean(): Gradients {
    if (this.#count === 0) refuse(ValueError, "GradientAccumulator.mean", "add", "called first", "no gradients");
    const meanOf = (total: Tensor) => (this.#count === 1 ? own(total) : div(total, this.#count));
    return scope(() => Object.fromEntries([...this.#sums].map(([name, total]) => [name, meanOf(total)])));
  }

  /** Frees the sums and resets the accumulator. */
  dispose(): void {
    dispose([...this.#sums.values()]);
    this.#sums.clear();
    this.#count = 0;
  }
}
