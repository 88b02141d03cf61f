import { checkInteger } from "@tfblocks/tensor-utils";
import { frequenciesOf } from "./inverse-frequencies.js";
import type { RotaryFrequencies } from "./plain-frequencies.js";
import { resolveRotaryConfig, type RotaryConfig } from "./rotary-config.js";

/** Angles of the pairs at some positions, and the factor of cos and sin. */
export interface RotaryAngles {
  /** `[positions, rotaryDim / 2]`, row-major, in radians. */
  readonly angles: Float64Array;
  /** Factor of cos and sin; 1 without YaRN or LongRoPE. */
  readonly attentionFactor: number;
}

/**
 * By how much a rotary embedding turns each pair at each position: position · frequency, in float64, so that cos and
 * sin are right at any position. Where frequencies depend on the length, that is the largest position + 1.
 *
 * @param positions integers >= 0
 * @returns `angles` `[positions, rotaryDim / 2]` and the `attentionFactor` of cos and sin
 * @throws ValueError when a position is no integer >= 0, or as `inverseFrequencies`
 */
export function rotaryAngles(config: RotaryConfig, positions: ArrayLike<number>): RotaryAngles {
  const operation = "rotaryAngles";
  const resolved = resolveRotaryConfig(operation, config);
  for (let at = 0; at < positions.length; at++) checkInteger(operation, `positions[${at}]`, positions[at], 0);
  const found = frequenciesOf(operation, resolved, lengthOf(positions));
  return { angles: anglesAt(positions, found), attentionFactor: found.attentionFactor };
}

/** Largest position + 1, 0 of none. */
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
