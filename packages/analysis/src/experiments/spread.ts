import { meanOf } from "../maps/row-scores.js";

/** What random draws give. */
export interface Spread {
  readonly mean: number;
  /** Of the draws themselves, divided by their number. */
  readonly standardDeviation: number;
  readonly draws: number;
}

/** Mean and standard deviation; null without a draw. */
export function spread(values: readonly number[]): Spread | null {
  const mean = meanOf(values);
  if (mean === null) return null;
  return { mean, standardDeviation: Math.sqrt(meanOf(values.map((value) => (value - mean) ** 2))!), draws: values.length };
}
