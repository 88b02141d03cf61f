import type { Merge } from "./average-linkage.js";

/** A cluster as its leaves, with the two clusters that it was merged from. */
interface Branch {
  readonly leaves: readonly number[];
  readonly parts: readonly [Branch, Branch] | undefined;
}

/** The best arrangement of the smallest cluster that holds two leaves, when these are at its ends. */
interface Arrangements {
  /** `[leaf][leaf]`: the sum of distances between neighbours. */
  readonly costs: readonly Float64Array[];
  /** `[left][right]`: the last leaf of the part that `left` is in; the table read from the other end has the other part's. */
  readonly inner: readonly Int32Array[];
}

/**
 * The order of leaves that the tree allows with the smallest sum of distances between neighbours, in O(n³) steps. It starts with
 * the lower of the two leaves at its ends.
 */
export function leafOrder(distances: readonly Float64Array[], merges: readonly Merge[]): number[] {
  const count = distances.length;
  if (count === 0) return [];
  const table: Arrangements = {
    costs: distances.map(() => new Float64Array(count)),
    inner: distances.map(() => new Int32Array(count)),
  };
  const branches: Branch[] = distances.map((_, leaf) => ({ leaves: [leaf], parts: undefined }));
  for (const { first, second } of merges) {
    const parts = [branches[first]!, branches[second]!] as const;
    branches.push({ leaves: [...parts[0].leaves, ...parts[1].leaves], parts });
    arrange(distances, table, ...parts);
  }
  return readOrder(table, branches.at(-1)!);
}

/** Fills in every pair of ends of a cluster that was merged from two. */
function arrange(distances: readonly Float64Array[], { costs, inner }: Arrangements, one: Branch, other: Branch): void {
  for (const left of one.leaves) {
    const ends = farEnds(one, left);
    // The best way from `left` through its part to each leaf of the other part.
    const entries = new Map(other.leaves.map((entry) => [entry, cheapest(ends, (end) => costs[left]![end]! + distances[end]![entry]!)]));
    for (const right of other.leaves) {
      const entry = cheapest(farEnds(other, right), (leaf) => entries.get(leaf)!.cost + costs[leaf]![right]!);
      costs[left]![right] = entry.cost;
      costs[right]![left] = entry.cost;
      inner[left]![right] = entries.get(entry.leaf)!.leaf;
      inner[right]![left] = entry.leaf;
    }
  }
}

function cheapest(leaves: readonly number[], costOf: (leaf: number) => number): { leaf: number; cost: number } {
  let best = { leaf: leaves[0]!, cost: Infinity };
  for (const leaf of leaves) {
    const cost = costOf(leaf);
    if (cost < best.cost) best = { leaf, cost };
  }
  return best;
}

/** The leaves that can be at the other end of a branch: those of the part without the leaf, or the leaf itself. */
function farEnds({ leaves, parts }: Branch, leaf: number): readonly number[] {
  if (parts === undefined) return leaves;
  return parts[0].leaves.includes(leaf) ? parts[1].leaves : parts[0].leaves;
}

function readOrder(table: Arrangements, root: Branch): number[] {
  if (root.parts === undefined) return [...root.leaves];
  const [one, other] = root.parts;
  let [left, right, smallest] = [one.leaves[0]!, other.leaves[0]!, Infinity];
  for (const a of one.leaves) {
    for (const b of other.leaves) if (table.costs[a]![b]! < smallest) [left, right, smallest] = [a, b, table.costs[a]![b]!];
  }
  return left < right ? readBranch(table, root, left, right) : readBranch(table, root, right, left);
}

function readBranch(table: Arrangements, { leaves, parts }: Branch, left: number, right: number): number[] {
  if (parts === undefined) return [...leaves];
  const [near, far] = parts[0].leaves.includes(left) ? parts : [parts[1], parts[0]];
  return [...readBranch(table, near, left, table.inner[left]![right]!), ...readBranch(table, far, table.inner[right]![left]!, right)];
}
