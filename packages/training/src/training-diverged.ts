import { ArgumentError } from "@tfblocks/tensor-utils";

/** What a step had computed when training diverged. */
export interface Divergence {
  /** The step that was not taken, counted from 1. */
  readonly step: number;
  readonly learningRate: number;
  readonly loss: number;
  /** NaN where the loss alone was enough to stop. */
  readonly gradNorm: number;
}

/**
 * The loss or a gradient is NaN or infinite. The step was not taken: parameters and optimizer are as the step before
 * left them, and the last checkpoint is kept.
 */
export class TrainingDiverged extends ArgumentError implements Divergence {
  override readonly name = "TrainingDiverged";
  readonly step: number;
  readonly learningRate: number;
  readonly loss: number;
  readonly gradNorm: number;

  constructor({ step, learningRate, loss, gradNorm }: Divergence) {
    const [what, value] = Number.isFinite(loss) ? ["norm of the gradients", gradNorm] : ["loss", loss];
    super({
      operation: "train",
      argument: `the ${what} of step ${step}`,
      expected: "finite",
      received: `${value} at learning rate ${learningRate}`,
      advice: "parameters are as of the step before; lower the learning rate, warm it up or clip gradients",
    });
    this.step = step;
    this.learningRate = learningRate;
    this.loss = loss;
    this.gradNorm = gradNorm;
  }
}
