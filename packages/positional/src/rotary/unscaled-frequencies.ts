/** The frequency of each pair, and the factor of cos and sin. */
export interface RotaryFrequencies {
  /** `[rotaryDim / 2]`, in radians per position. */
  readonly frequencies: Float64Array;
  /** Multiplies cos and sin, and so multiplies scores by its square; 1 except with YaRN or LongRoPE. */
  readonly attentionFactor: number;
}

/** f_i = theta^(-2i / rotaryDim). */
export function unscaledFrequencies(theta: number, rotaryDim: number): Float64Array {
  return Float64Array.from({ length: rotaryDim / 2 }, (_, pair) => 1 / theta ** ((2 * pair) / rotaryDim));
}

/** The base of NTK-aware scaling: theta · stretch^(d / (d - 2)). A single pair, with frequency 1 for any base, keeps theta. */
export function stretchedTheta(theta: number, rotaryDim: number, stretch: number): number {
  return rotaryDim === 2 ? theta : theta * stretch ** (rotaryDim / (rotaryDim - 2));
}
