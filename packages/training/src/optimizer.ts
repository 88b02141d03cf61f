import type { ParameterMap, StateDict } from "@tfblocks/tensor-utils";
import type { Gradients } from "./value-and-gradients.js";

/** Updates parameters from their gradients. */
export interface Optimizer {
  /** The learning rate of a step that does not pass one. */
  readonly learningRate: number;
  /** Updates every parameter that has a gradient. It borrows the gradients. */
  step(parameters: ParameterMap, gradients: Readonly<Gradients>, options?: StepOptions): void;
  /** A snapshot of the optimizer's state; the caller owns the tensors. */
  stateDict(): StateDict;
  /**
   * Sets the whole state or, if anything is wrong, nothing. It borrows the state's tensors.
   *
   * @param parameters the parameters to train: the state of other parameters is rejected; default any
   */
  loadStateDict(state: StateDict, parameters?: ParameterMap): void;
  dispose(): void;
}

/** Options of {@link Optimizer.step}. */
export interface StepOptions {
  /** Default: the optimizer's learning rate. */
  readonly learningRate?: number | undefined;
}
