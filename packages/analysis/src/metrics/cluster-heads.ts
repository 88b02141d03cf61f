import { completeDistances, type DistanceMatrix } from "./distance-matrix.js";
import { averageLinkage, type Merge } from "./clusters/average-linkage.js";
import { leafOrder } from "./clusters/leaf-order.js";

/** A tree of heads, from single heads to one cluster of all. */
export interface HeadClusters {
  readonly metric: "clusterHeads";
  readonly version: 1;
  /**
   * The merges by increasing distance. A cluster id below the number of heads is that head; merge k makes the cluster
   * `heads + k`.
   */
  readonly merges: readonly Merge[];
  /** The heads in the order of the leaves: similar heads are neighbours, and no merge crosses another. */
  readonly order: readonly number[];
  /** Heads that are not in the tree, because distances of theirs are undefined. */
  readonly excluded: readonly number[];
}

/**
 * Agglomerative clustering by average linkage (UPGMA): again and again the two clusters with the smallest mean distance
 * between their heads are merged; the lowest ids in case of a tie.
 *
 * Of all orders of the leaves that the tree allows, `order` has the smallest sum of distances between neighbours; of the two
 * directions, it starts with the lower of the two heads at its ends. Merges are those of SciPy's `linkage(method="average")`, up
 * to ties.
 *
 * As long as a distance is null, the head with the most nulls (the last in case of a tie) is excluded.
 *
 * Source: Sokal & Michener 1958; Bar-Joseph et al. 2001, "Fast optimal leaf ordering for hierarchical clustering".
 *
 * @param distances a symmetric matrix, for example `headDistances(layers).distances`
 * @throws ShapeError when the matrix is not square
 * @throws ValueError when it is not symmetric, a distance is negative or not finite, or the diagonal is not zero
 */
export function clusterHeads(distances: DistanceMatrix): HeadClusters {
  const { kept, excluded, distances: complete } = completeDistances("clusterHeads", distances);
  const merges = averageLinkage(complete);
  const idOf = (cluster: number) => (cluster < kept.length ? kept[cluster]! : cluster + excluded.length);
  return {
    metric: "clusterHeads",
    version: 1,
    merges: merges.map(({ first, second, ...merge }) => ({ ...merge, first: idOf(first), second: idOf(second) })),
    order: leafOrder(complete, merges).map((leaf) => kept[leaf]!),
    excluded,
  };
}
