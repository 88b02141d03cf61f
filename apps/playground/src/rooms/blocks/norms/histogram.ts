/** How many numbers fall into each of some equal bins. */
export interface Histogram {
  /** `[bins]`: the middle of each bin. */
  readonly middles: Float64Array;
  /** For each list, `[bins]`: the share of its numbers in each bin. */
  readonly shares: readonly Float64Array[];
}

/** Histograms of some lists over the same bins, from the least to the greatest number of all. */
export function histogram(lists: readonly Float32Array[], bins: number): Histogram {
  const [least, most] = bounds(lists);
  const size = (most - least) / bins || 1;
  const shareOf = (list: Float32Array): Float64Array => {
    const shares = new Float64Array(bins);
    for (const value of list) {
      if (Number.isFinite(value)) shares[Math.min(bins - 1, Math.floor((value - least) / size))]! += 1 / list.length;
    }
    return shares;
  };
  return { middles: Float64Array.from({ length: bins }, (_, bin) => least + (bin + 0.5) * size), shares: lists.map(shareOf) };
}

function bounds(lists: readonly Float32Array[]): readonly [number, number] {
  let [least, most] = [Infinity, -Infinity];
  for (const list of lists) {
    for (const value of list) {
      if (!Number.isFinite(value)) continue;
      least = Math.min(least, value);
      most = Math.max(most, value);
    }
  }
  return least <= most ? [least, most] : [0, 1];
}
