import { add, dispose, div, mul, type Tensor } from "@tensorflow/tfjs-core";
import { hold, own, refuse, scope, ValueError } from "@tfblocks/tensor-utils";
import { checkCount } from "./checks.js";
import type { Gradients } from "./value-and-gradients.js";

/**
 * The mean of the gradients of several small batches, weighted by their number of labels: Σ countᵢ · gradientᵢ / Σ countᵢ. It
 * equals the gradients of one large batch if each loss is a mean over its labels.
 *
 * Holds one sum for each parameter. A missing gradient counts as 0.
 *
 * Source: PyTorch and transformers divide the sum of the losses by the labels of all batches (`num_items_in_batch`).
 */
export class GradientAccumulator {
  readonly #sums = new Map<string, Tensor>();
  /** The first count > 0. Weights are relative to it, so that equal counts give the sum of gradients, exactly. */
  #unit = 0;
  #weight = 0;

  /**
   * Adds the gradients of one batch, which are borrowed.
   *
   * @param count the number of labels that the loss is the mean over, without ignored ones. At 0 the gradients are ignored
   * @throws ValueError when the count is not a finite number >= 0
   */
  add(gradients: Readonly<Gradients>, count: number): void {
    checkCount("GradientAccumulator.add", count);
    if (count === 0) return;
    if (this.#unit === 0) this.#unit = count;
    const weight = count / this.#unit;
    for (const [name, each] of Object.entries(gradients)) {
      const before = this.#sums.get(name);
      this.#sums.set(
        name,
        scope(() => hold(sumOf(before, weight === 1 ? each : mul(each, weight)))),
      );
      before?.dispose();
    }
    this.#weight += weight;
  }

  /**
   * The mean; the caller owns the tensors.
   *
   * @throws ValueError when no labels were counted
   */
  mean(): Gradients {
    const weight = this.#weight;
    if (weight === 0) refuse(ValueError, "GradientAccumulator.mean", "counts", "at least one > 0", "none", "call add first");
    const meanOf = (total: Tensor) => (weight === 1 ? own(total) : div(total, weight));
    return scope(() => Object.fromEntries([...this.#sums].map(([name, total]) => [name, meanOf(total)])));
  }

  /** Frees the sums and resets the accumulator. */
  dispose(): void {
    dispose([...this.#sums.values()]);
    this.#sums.clear();
    [this.#unit, this.#weight] = [0, 0];
  }
}

function sumOf(before: Tensor | undefined, each: Tensor): Tensor {
  return before === undefined ? each : add(before, each);
}
