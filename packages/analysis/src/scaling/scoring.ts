import { checkNumber, checkPositive, describeValue, isFiniteFloat, type OptionNames, refuse, ValueError } from "@tfblocks/tensor-utils";

/** The factor of the dot products: 1, 1/√headDim, or a number. */
export type ScoreScale = "none" | "1/sqrt(d)" | number;

/**
 * What is done to queries and keys before the dot product: nothing; division by their length (`"l2"`: the dot product is a
 * cosine); or by their root mean square (`"rms"`, an RMSNorm without weight or epsilon: headDim times the cosine).
 */
export type QkNorm = "none" | "l2" | "rms";

/** How queries and keys become scores: cap(scale · norm(q) · norm(k)), with cap(x) = softcap · tanh(x / softcap). */
export interface ScoringOptions {
  /** Default `"1/sqrt(d)"`. */
  readonly scale?: ScoreScale;
  /** The bound of the scores; default none. */
  readonly softcap?: number;
  /** Default `"none"`. */
  readonly qkNorm?: QkNorm;
}

export const scoringOptionNames: OptionNames<ScoringOptions> = { scale: true, softcap: true, qkNorm: true };

/** Scoring options for one head width. */
export interface Scoring {
  readonly scale: number;
  readonly softcap: number | null;
  readonly qkNorm: QkNorm;
}

/** @throws ValueError when an option has another value than the types say */
export function scoringOf(operation: string, options: ScoringOptions, headDim: number): Scoring {
  const { scale = "1/sqrt(d)", softcap = null, qkNorm = "none" } = options;
  if (softcap !== null) checkPositive(operation, "softcap", softcap);
  if (!["none", "l2", "rms"].includes(qkNorm)) refuse(ValueError, operation, "qkNorm", '"none", "l2" or "rms"', describeValue(qkNorm));
  return { scale: factorOf(operation, scale, headDim), softcap, qkNorm };
}

/** softcap · tanh(x / softcap). */
export function capped(x: number, softcap: number | null): number {
  return softcap === null ? x : softcap * Math.tanh(x / softcap);
}

/** The derivative of {@link capped}: 1 − tanh²(x / softcap) = 1 / cosh²(x / softcap). */
export function capSlope(x: number, softcap: number | null): number {
  return softcap === null ? 1 : 1 / Math.cosh(x / softcap) ** 2;
}

function factorOf(operation: string, scale: ScoreScale, headDim: number): number {
  if (scale === "none") return 1;
  if (scale === "1/sqrt(d)") return 1 / Math.sqrt(headDim);
  checkNumber(operation, "scale", '"none", "1/sqrt(d)" or a finite number', scale, isFiniteFloat);
  return scale;
}
