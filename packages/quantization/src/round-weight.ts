import type { Precision } from "./group-size.js";

/** A matrix as integers: weight ≈ scale · (code - zero) + offset, with one scale for each group of inputs. */
export interface Codes {
  /** `[outFeatures, inFeatures]`, each from 0 to 2^bits - 1. */
  readonly codes: Uint8Array;
  /** `[outFeatures, inFeatures / groupSize]` */
  readonly scales: Float32Array;
  /** As the scales. Without offsets codes count from the middle one, 2^(bits - 1); with offsets they count from 0. */
  readonly offsets?: Float32Array | undefined;
}

/**
 * Rounds a matrix to the nearest codes. 8 bits are symmetric: scale = largest |weight| / 127. 4 bits are affine: the scale spreads
 * the codes from the least to the largest weight, and one code is exactly the one of both that is farther from 0; MLX's `mx.quantize`
 * does the same.
 *
 * @param weight `[outFeatures, inFeatures]` with inFeatures a multiple of groupSize, all numbers finite
 */
export function roundWeight(weight: Float32Array, { bits, groupSize }: Precision): Codes {
  const codes = new Uint8Array(weight.length);
  const scales = new Float32Array(weight.length / groupSize);
  const offsets = bits === 4 ? new Float32Array(scales.length) : undefined;
  const [zero, most] = [offsets === undefined ? 128 : 0, 2 ** bits - 1];
  for (let group = 0; group < scales.length; group++) {
    const [from, to] = [group * groupSize, (group + 1) * groupSize];
    const { scale, offset } = offsets === undefined ? symmetric(weight, from, to) : affine(weight, from, to);
    scales[group] = scale;
    if (offsets !== undefined) offsets[group] = offset;
    const half = zero + 0.5;
    for (let at = from; at < to; at++) codes[at] = clamp(((weight[at]! - offset) / scale + half) | 0, most); // faster than Math.round
  }
  return { codes, scales, offsets };
}

interface Line {
  readonly scale: number;
  readonly offset: number;
}

function symmetric(weight: Float32Array, from: number, to: number): Line {
  let largest = 0;
  for (let at = from; at < to; at++) largest = Math.max(largest, Math.abs(weight[at]!));
  return { scale: Math.fround(largest / 127) || 1, offset: 0 };
}

function affine(weight: Float32Array, from: number, to: number): Line {
  let [least, most] = [Infinity, -Infinity];
  for (let at = from; at < to; at++) {
    least = Math.min(least, weight[at]!);
    most = Math.max(most, weight[at]!);
  }
  const isLow = Math.abs(least) > Math.abs(most);
  const step = Math.max((most - least) / 15, 1e-7) * (isLow ? 1 : -1);
  const edge = isLow ? least : most;
  const steps = Math.round(edge / step);
  return steps === 0 ? { scale: Math.fround(step), offset: 0 } : { scale: Math.fround(edge / steps), offset: edge };
}

function clamp(code: number, most: number): number {
  return code < 0 ? 0 : code > most ? most : code;
}
