import type { ActiveUnits } from "./active-units.js";

/** The values and slopes of an activation at the inputs `xs`. */
export interface Curve {
  readonly name: string;
  readonly values: Float32Array;
  readonly slopes: Float32Array;
}

/** The output of one part of the network, `[tokens, columns]`. */
export interface FeedForwardStage {
  readonly name: string;
  readonly formula: string;
  readonly columns: number;
  readonly values: Float32Array;
}

/** All numbers of a feed-forward network. */
export interface FeedForwardNumbers {
  readonly tokens: readonly string[];
  readonly xs: Float32Array;
  readonly curves: readonly Curve[];
  /** In the order of the computation. */
  readonly stages: readonly FeedForwardStage[];
  /** The output of the activation, `[tokens, hiddenDim]`. */
  readonly active: Float32Array;
  /** The active units of each token. */
  readonly units: readonly ActiveUnits[];
  readonly isGated: boolean;
  readonly hiddenDim: number;
  readonly parameters: number;
}

/** The numbers of a network to play with, and what they cost. */
export interface FeedForwardPicture extends FeedForwardNumbers {
  readonly milliseconds: number;
  readonly liveTensors: number;
}
