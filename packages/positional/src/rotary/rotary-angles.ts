import { checkInteger } from "@tfblocks/tensor-utils";
import { frequenciesOf } from "./inverse-frequencies.js";
import type { RotaryFrequencies } from "./unscaled-frequencies.js";
import { resolveRotaryConfig, type RotaryConfig } from "./rotary-config.js";

/** The angle of each pair at each position, and the factor of cos and sin. */
export interface RotaryAngles {
  /** `[positions, rotaryDim / 2]`, row-major, in radians. */
  readonly angles: Float64Array;
  /** Multiplies cos and sin; 1 except with YaRN or LongRoPE. */
  readonly attentionFactor: number;
}

/**
 * The angles by which a rotary embedding rotates each pair at each position: position · frequency, in float64, so that
 * cos and sin are accurate at any position. If the frequencies depend on a length, it is the largest position + 1.
 *
 * @param positions integers >= 0
 * @returns `angles` `[positions, rotaryDim / 2]` and the `attentionFactor` of cos and sin
 * @throws ValueError when a position is not an integer >= 0, and whenever `inverseFrequencies` throws it
 */
export function rotaryAngles(config: RotaryConfig, positions: ArrayLike<number>): RotaryAngles {
  const operation = "rotaryAngles";
  const resolved = resolveRotaryConfig(operation, config);
  for (let at = 0; at < positions.length; at++) checkInteger(operation, `positions[${at}]`, positions[at], 0);
  const found = frequenciesOf(operation, resolved, lengthOf(positions));
  return { angles: anglesAt(positions, found), attentionFactor: found.attentionFactor };
}

/** The largest position + 1; 0 without positions. */
export function lengthOf(positions: ArrayLike<number>): number {
  let length = 0;
  for (let at = 0; at < positions.length; at++) length = Math.max(length, positions[at]! + 1);
  return length;
}

/** `[positions, pairs]`: position · frequency. */
export function anglesAt(positions: ArrayLike<number>, { frequencies }: RotaryFrequencies): Float64Array {
  const pairs = frequencies.length;
  const angles = new Float64Array(positions.length * pairs);
  for (let row = 0; row < positions.length; row++) {
    for (let pair = 0; pair < pairs; pair++) angles[row * pairs + pair] = positions[row]! * frequencies[pair]!;
  }
  return angles;
}
