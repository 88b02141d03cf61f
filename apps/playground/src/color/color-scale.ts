import { divergingRamp, type RampName, type Rgb, sequentialRamp, type Tone } from "@tfblocks/analysis/colors";

/**
 * How weights are mapped to colours: linearly over 0 to 1, by their square root over 0 to 1 (which separates small
 * weights), linearly up to the largest weight, or as a share of the largest weight of their row.
 */
export type WeightRange = "one" | "root" | "largest" | "row";
export const weightRanges: readonly WeightRange[] = ["one", "root", "largest", "row"];

/** Maps numbers to colours. */
export interface ColorScale {
  readonly min: number;
  readonly max: number;
  readonly curve: "linear" | "root";
  /** 256 colours, from `min` to `max`. */
  readonly colors: readonly Rgb[];
}

/** The scale of weights. It is the same for all heads; the default range 0 to 1 is also the same for all pictures. */
export function weightScale(ramp: RampName, tone: Tone, range: WeightRange = "one", largest = 1): ColorScale {
  return {
    min: 0,
    max: (range === "largest" && largest) || 1,
    curve: range === "root" ? "root" : "linear",
    colors: sequentialRamp(ramp, tone),
  };
}

/** The scale of signed numbers: symmetric around 0, up to the largest finite magnitude. */
export function signedScale(values: ArrayLike<number>, tone: Tone): ColorScale {
  const max = largestMagnitude(values) || 1;
  return { min: -max, max, curve: "linear", colors: divergingRamp(tone) };
}

/** The index of a value's colour. Values outside the scale take the colour of the nearest end. */
export function colorIndex({ min, max, curve, colors }: ColorScale, value: number): number {
  const share = Math.min(1, Math.max(0, (value - min) / (max - min)));
  return Math.round((curve === "root" ? Math.sqrt(share) : share) * (colors.length - 1));
}

/** The largest magnitude of the finite values; 0 if there are none. */
export function largestMagnitude(values: ArrayLike<number>): number {
  let largest = 0;
  for (let index = 0; index < values.length; index++) {
    const magnitude = Math.abs(values[index]!);
    if (magnitude > largest && magnitude < Infinity) largest = magnitude;
  }
  return largest;
}
