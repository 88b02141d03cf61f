import { checkPositive } from "@tfblocks/tensor-utils";
import { type HeadMap, isAllowed } from "../head-map.js";
import type { Rgb } from "./oklab.js";
import { divergingRamp, type RampName, sequentialRamp, type Tone } from "./ramps.js";

/** Maps numbers to 256 colours. */
export interface ColorScale {
  readonly min: number;
  readonly max: number;
  readonly colors: readonly Rgb[];
}

/** The scale of weights: always 0 to 1, so that pictures compare. */
export function weightScale(ramp: RampName, tone: Tone): ColorScale {
  return { min: 0, max: 1, colors: sequentialRamp(ramp, tone) };
}

/** The scale of signed numbers: symmetric around 0. */
export function signedScale(limit: number, tone: Tone): ColorScale {
  return { min: -limit, max: limit, colors: divergingRamp(tone) };
}

/** The limit of a signed scale: the one given, or the largest magnitude of the allowed cells; 1 when all are 0. */
export function signedLimit(operation: string, maps: readonly HeadMap[], limit?: number): number {
  if (limit !== undefined) {
    checkPositive(operation, "limit", limit);
    return limit;
  }
  let largest = 0;
  for (const map of maps) {
    for (let cell = 0; cell < map.rows * map.columns; cell++) {
      if (isAllowed(map, cell)) largest = Math.max(largest, Math.abs(map.weights[cell]!));
    }
  }
  return largest === 0 ? 1 : largest;
}

/** Where a number is between the ends of a scale: 0 to 1. Numbers outside take the nearest end. */
export function shareOf({ min, max }: ColorScale, value: number): number {
  return Math.min(1, Math.max(0, (value - min) / (max - min)));
}

/** A colour as #rrggbb. */
export function hexOf(color: Rgb): string {
  return `#${color.map((channel) => channel.toString(16).padStart(2, "0")).join("")}`;
}
