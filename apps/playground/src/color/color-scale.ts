import type { Rgb } from "./oklab.js";
import { divergingRamp, type RampName, sequentialRamp, type Tone } from "./ramps.js";

/** From numbers to colours, with what a legend needs. */
export interface ColorScale {
  readonly least: number;
  readonly most: number;
  /** [256] colours from least to most. */
  readonly colors: readonly Rgb[];
}

/** Weights: 0 .. 1, the same for every head, so that heads compare. */
export function weightScale(ramp: RampName, tone: Tone): ColorScale {
  return { least: 0, most: 1, colors: sequentialRamp(ramp, tone) };
}

/** Signed numbers: symmetric around 0, as far as the largest finite magnitude. */
export function signedScale(values: ArrayLike<number>, tone: Tone): ColorScale {
  const most = largestMagnitude(values) || 1;
  return { least: -most, most, colors: divergingRamp(tone) };
}

/** Index of a value's colour; what lies outside takes the nearest end. */
export function colorIndex({ least, most, colors }: ColorScale, value: number): number {
  const share = (value - least) / (most - least);
  return Math.round(Math.min(1, Math.max(0, share)) * (colors.length - 1));
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
