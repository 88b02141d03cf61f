import type { BoxName } from "./boxes.js";

/** A tensor on the way through the layer. */
export interface TracedTensor {
  readonly shape: readonly number[];
  /** Row-major; attention weights `[heads, queryLength, keyLength]`, all others `[tokens, columns]`. */
  readonly values: Float32Array;
  readonly min: number;
  readonly max: number;
  readonly mean: number;
}

/** Every tensor of one layer, and what shows that the parts make the whole. */
export interface LayerPicture {
  readonly tokens: readonly string[];
  readonly traced: Readonly<Partial<Record<BoxName, TracedTensor>>>;
  /** `[tokens, tokens]`: 1 = may attend. */
  readonly allowed: Uint8Array;
  /** Largest |parts put together - the layer's own output|. */
  readonly difference: number;
  /** Largest |sum of a row of weights - 1|. */
  readonly rowError: number;
  readonly parameters: number;
  readonly milliseconds: number;
  readonly liveTensors: number;
}
