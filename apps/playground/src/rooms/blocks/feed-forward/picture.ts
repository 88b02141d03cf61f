/** An activation over a span of numbers. */
export interface Curve {
  readonly name: string;
  readonly values: Float32Array;
  readonly slopes: Float32Array;
}

/** A tensor `[tokens, columns]` on the way through the network. */
export interface FeedForwardStage {
  readonly name: string;
  readonly formula: string;
  readonly columns: number;
  readonly values: Float32Array;
}

/** All numbers of the feed-forward network. */
export interface FeedForwardPicture {
  readonly tokens: readonly string[];
  readonly xs: Float32Array;
  readonly curves: readonly Curve[];
  /** In the order of the computation; the one before the last is what fires. */
  readonly stages: readonly FeedForwardStage[];
  /** `[tokens, hiddenDim]`: the activation alone, which decides what fires. */
  readonly fired: Float32Array;
  readonly hiddenDim: number;
  readonly parameters: number;
  readonly milliseconds: number;
  readonly liveTensors: number;
}
