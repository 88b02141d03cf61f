/** Two clusters that become one. */
export interface Merge {
  /** The lower id of the two. */
  readonly first: number;
  readonly second: number;
  /** The mean distance between the heads of one and those of the other. */
  readonly distance: number;
  /** Heads in the merged cluster. */
  readonly size: number;
}

interface Cluster {
  readonly id: number;
  readonly size: number;
  /** The mean distances to the clusters before it in the list. */
  readonly toEarlier: readonly number[];
}

/** Merges of average linkage by increasing distance; merge k of n leaves makes the cluster n + k. */
export function averageLinkage(distances: readonly Float64Array[]): Merge[] {
  let clusters: readonly Cluster[] = distances.map((row, id) => ({ id, size: 1, toEarlier: [...row.subarray(0, id)] }));
  const merges: Merge[] = [];
  while (clusters.length > 1) {
    const [first, second] = closestPair(clusters);
    const [a, b] = [clusters[first]!, clusters[second]!];
    merges.push({ first: a.id, second: b.id, distance: b.toEarlier[first]!, size: a.size + b.size });
    clusters = merge(clusters, first, second, distances.length + merges.length - 1);
  }
  return merges;
}

/** Clusters are in the order of their ids, so the first pair found has the lowest ids. */
function closestPair(clusters: readonly Cluster[]): [first: number, second: number] {
  let [first, second, smallest] = [0, 1, Infinity];
  clusters.forEach(({ toEarlier }, index) => {
    for (let earlier = 0; earlier < index; earlier++) {
      const isCloser = toEarlier[earlier]! < smallest || (toEarlier[earlier] === smallest && earlier < first);
      if (isCloser) [first, second, smallest] = [earlier, index, toEarlier[earlier]!];
    }
  });
  return [first, second];
}

function merge(clusters: readonly Cluster[], first: number, second: number, id: number): Cluster[] {
  const [a, b] = [clusters[first]!, clusters[second]!];
  const between = (one: number, other: number) => clusters[Math.max(one, other)]!.toEarlier[Math.min(one, other)]!;
  const others = clusters.map((_, index) => index).filter((index) => index !== first && index !== second);
  const size = a.size + b.size;
  const merged = others.map((other) => (a.size * between(first, other) + b.size * between(second, other)) / size);
  const kept = others.map((index, place) => ({
    ...clusters[index]!,
    toEarlier: others.slice(0, place).map((earlier) => between(index, earlier)),
  }));
  return [...kept, { id, size, toEarlier: merged }];
}
