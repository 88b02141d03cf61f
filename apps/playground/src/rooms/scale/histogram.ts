import type { ScoreHistogram } from "./scale-picture.js";

const bins = 41;

/** Counts scores in bins that reach at least three standard deviations to both sides; the reach is a power of two. */
export function histogramOf(scores: ArrayLike<number>, variance: number, isNormal: boolean): ScoreHistogram {
  const deviation = Math.sqrt(variance);
  const reach = 2 ** Math.ceil(Math.log2(Math.max(3 * deviation, 2 ** -6)));
  const width = (2 * reach) / bins;
  const counts = new Float64Array(bins);
  for (let index = 0; index < scores.length; index++) {
    const bin = Math.floor((scores[index]! + reach) / width);
    counts[Math.min(bins - 1, Math.max(0, bin))]!++;
  }
  const density = (x: number): number => Math.exp(-(x ** 2) / (2 * variance)) / (deviation * Math.sqrt(2 * Math.PI));
  const normal = counts.map((_, bin) => scores.length * width * density((bin + 0.5) * width - reach));
  return { reach, counts, normal: isNormal && variance > 0 ? normal : null };
}
