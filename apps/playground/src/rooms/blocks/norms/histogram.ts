/** The distribution of several lists of numbers over bins of equal width. */
export interface Histogram {
  /** The middle of each bin, `[bins]`. */
  readonly middles: Float64Array;
  /** The share of the numbers in each bin, `[bins]` for each list. */
  readonly shares: readonly Float64Array[];
}

/** Histograms of several lists over the same bins, which cover the range of all their numbers. */
export function histogram(lists: readonly Float32Array[], bins: number): Histogram {
  const [min, max] = bounds(lists);
  const size = (max - min) / bins || 1;
  const shareOf = (list: Float32Array): Float64Array => {
    const shares = new Float64Array(bins);
    for (const value of list) {
      if (Number.isFinite(value)) shares[Math.min(bins - 1, Math.floor((value - min) / size))]! += 1 / list.length;
    }
    return shares;
  };
  return { middles: Float64Array.from({ length: bins }, (_, bin) => min + (bin + 0.5) * size), shares: lists.map(shareOf) };
}

function bounds(lists: readonly Float32Array[]): readonly [number, number] {
  let [min, max] = [Infinity, -Infinity];
  for (const list of lists) {
    for (const value of list) {
      if (!Number.isFinite(value)) continue;
      min = Math.min(min, value);
      max = Math.max(max, value);
    }
  }
  return min <= max ? [min, max] : [0, 1];
}
