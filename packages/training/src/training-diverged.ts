import { ArgumentError } from "@tfblocks/tensor-utils";

/** What a step computed before training diverged. */
export interface Divergence {
  /** The step that was not completed, counted from 1. */
  readonly step: number;
  readonly learningRate: number;
  readonly loss: number;
  /** NaN if the loss was not finite, so that no norm was computed. */
  readonly gradNorm: number;
}

/** The norm of gradients, after clipping, from which on squares of gradients may overflow float32: an optimizer that holds them would stand still. */
export const mostNorm = 1.8e19;

/**
 * The loss or a gradient is NaN or infinite, or so large that its square is infinite. The step was not completed: parameters and optimizer are as after the
 * previous step, and the last checkpoint remains.
 */
export class TrainingDiverged extends ArgumentError implements Divergence {
  override readonly name = "TrainingDiverged";
  readonly step: number;
  readonly learningRate: number;
  readonly loss: number;
  readonly gradNorm: number;

  constructor({ step, learningRate, loss, gradNorm }: Divergence) {
    const [what, value] = Number.isFinite(loss) ? ["norm of the gradients", gradNorm] : ["loss", loss];
    const expected = Number.isFinite(loss) && Number.isFinite(gradNorm) ? "below 1.8e19, so that its square is finite" : "finite";
    super({
      operation: "train",
      argument: `the ${what} of step ${step}`,
      expected,
      received: `${value} at learning rate ${learningRate}`,
      advice: "parameters are as after the previous step; lower the learning rate, use a warm-up or clip gradients",
    });
    this.step = step;
    this.learningRate = learningRate;
    this.loss = loss;
    this.gradNorm = gradNorm;
  }
}
