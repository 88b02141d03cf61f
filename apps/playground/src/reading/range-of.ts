/** Where the numbers of a list are. */
export interface NumberRange {
  readonly min: number;
  readonly mean: number;
  readonly max: number;
}

export function rangeOf(values: Float32Array): NumberRange {
  let [min, max, sum] = [Infinity, -Infinity, 0];
  for (const each of values) {
    min = Math.min(min, each);
    max = Math.max(max, each);
    sum += each;
  }
  return { min, mean: sum / values.length, max };
}
