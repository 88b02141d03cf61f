import { formatNumber } from "./format.js";

/** Where numbers are, in a sentence. */
export function rangeWords({ min, mean, max }: { readonly min: number; readonly mean: number; readonly max: number }): string {
  return `The smallest number is ${formatNumber(min)}, the largest ${formatNumber(max)}, and their mean is ${formatNumber(mean)}.`;
}
