import type { BoxName } from "./boxes.js";

/** The tensor of one step. */
export interface TracedTensor {
  readonly shape: readonly number[];
  /** Row-major; attention weights `[heads, queryLength, keyLength]`, the others `[tokens, columns]`. */
  readonly values: Float32Array;
  readonly min: number;
  readonly max: number;
  readonly mean: number;
}

/** All tensors of one layer, and the results that are checked. */
export interface LayerPicture {
  readonly tokens: readonly string[];
  readonly traced: Readonly<Partial<Record<BoxName, TracedTensor>>>;
  /** `[tokens, tokens]`: 1 = may attend. */
  readonly allowed: Uint8Array;
  /** The largest difference between the last step and the output of the layer. */
  readonly difference: number;
  /** The largest difference between the sum of a row of weights and 1. */
  readonly rowError: number;
  readonly parameters: number;
  readonly milliseconds: number;
  readonly liveTensors: number;
}
