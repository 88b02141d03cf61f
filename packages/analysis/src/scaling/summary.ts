/** What is reported of the values of many rows. */
export interface Summary {
  readonly mean: number;
  readonly median: number;
  /** √ of the mean of the squares. */
  readonly rootMeanSquare: number;
  /** Sampling error of the mean: standard deviation of the values / √rows; null for a single row. */
  readonly standardError: number | null;
}

/** The summary of a list; null when it is empty. */
export function summarize(values: readonly number[]): Summary | null {
  if (values.length === 0) return null;
  const mean = average(values);
  return {
    mean,
    median: medianOf(values),
    rootMeanSquare: Math.sqrt(average(values.map((x) => x * x))),
    standardError: errorOf(values, mean),
  };
}

/** The mean of the squared deviations from the mean; null for an empty list. */
export function variance(values: readonly number[]): number | null {
  if (values.length === 0) return null;
  const mean = average(values);
  return average(values.map((x) => (x - mean) ** 2));
}

function average(values: readonly number[]): number {
  return values.reduce((sum, x) => sum + x, 0) / values.length;
}

function medianOf(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2;
}

function errorOf(values: readonly number[], mean: number): number | null {
  if (values.length === 1) return null;
  const squares = values.reduce((sum, x) => sum + (x - mean) ** 2, 0);
  return Math.sqrt(squares / (values.length - 1) / values.length);
}
