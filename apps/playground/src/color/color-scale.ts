import type { Rgb } from "./oklab.js";
import { divergingRamp, type RampName, sequentialRamp, type Tone } from "./ramps.js";

/**
 * How weights take colours: over 0 .. 1 in proportion, over 0 .. 1 by the square root, which spreads the small ones, or
 * in proportion up to the largest weight there is.
 */
export type Reach = "one" | "root" | "largest";
export const reaches: readonly Reach[] = ["one", "root", "largest"];

/** From numbers to colours, with what a legend needs. */
export interface ColorScale {
  readonly least: number;
  readonly most: number;
  readonly curve: "linear" | "root";
  /** `[256]` colours from least to most. */
  readonly colors: readonly Rgb[];
}

/** Weights: the same for every head, so that heads compare; by default 0 .. 1, so that pictures compare too. */
export function weightScale(ramp: RampName, tone: Tone, reach: Reach = "one", largest = 1): ColorScale {
  return {
    least: 0,
    most: (reach === "largest" && largest) || 1,
    curve: reach === "root" ? "root" : "linear",
    colors: sequentialRamp(ramp, tone),
  };
}

/** Signed numbers: symmetric around 0, as far as the largest finite magnitude. */
export function signedScale(values: ArrayLike<number>, tone: Tone): ColorScale {
  const most = largestMagnitude(values) || 1;
  return { least: -most, most, curve: "linear", colors: divergingRamp(tone) };
}

/** Index of a value's colour; what lies outside takes the nearest end. */
export function colorIndex({ least, most, curve, colors }: ColorScale, value: number): number {
  const share = Math.min(1, Math.max(0, (value - least) / (most - least)));
  return Math.round((curve === "root" ? Math.sqrt(share) : share) * (colors.length - 1));
}

/** Largest |value| among the finite ones; 0 without any. */
export function largestMagnitude(values: ArrayLike<number>): number {
  let largest = 0;
  for (let index = 0; index < values.length; index++) {
    const magnitude = Math.abs(values[index]!);
    if (magnitude > largest && magnitude < Infinity) largest = magnitude;
  }
  return largest;
}
