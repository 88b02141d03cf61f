import type { ParameterMap, StateDict } from "@tfblocks/tensor-utils";
import type { Gradients } from "./gradients.js";

/** What moves parameters against their gradients. */
export interface Optimizer {
  /** Used where a step names none. */
  readonly learningRate: number;
  /** Moves every parameter that has a gradient. The gradients stay the caller's. */
  step(parameters: ParameterMap, gradients: Readonly<Gradients>, options?: StepOptions): void;
  /** A snapshot of what it remembers, of the caller's own. */
  stateDict(): StateDict;
  /**
   * Sets all that it remembers or, when anything is wrong, nothing. The state's tensors stay the caller's.
   *
   * @param parameters those that it will move: a state of others is refused; default any
   */
  loadStateDict(state: StateDict, parameters?: ParameterMap): void;
  dispose(): void;
}

/** Options of {@link Optimizer.step}. */
export interface StepOptions {
  /** Default the optimizer's own. */
  readonly learningRate?: number | undefined;
}
