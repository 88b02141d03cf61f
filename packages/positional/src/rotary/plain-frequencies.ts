/** Frequencies of the pairs, and the factor of cos and sin. */
export interface RotaryFrequencies {
  /** `[rotaryDim / 2]`, in radians per position. */
  readonly frequencies: Float64Array;
  /** Factor of cos and sin, so that scores are multiplied by its square; 1 without YaRN or LongRoPE. */
  readonly attentionFactor: number;
}

/** f_i = theta^(-2i / rotaryDim). */
export function plainFrequencies(theta: number, rotaryDim: number): Float64Array {
  return Float64Array.from({ length: rotaryDim / 2 }, (_, pair) => 1 / theta ** ((2 * pair) / rotaryDim));
}

/** The base of NTK-aware scaling: theta · stretch^(d / (d - 2)). A single pair, whose frequency is 1, has no base to change. */
export function stretchedTheta(theta: number, rotaryDim: number, stretch: number): number {
  return rotaryDim === 2 ? theta : theta * stretch ** (rotaryDim / (rotaryDim - 2));
}
