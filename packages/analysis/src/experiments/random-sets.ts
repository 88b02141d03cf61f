import type { Random } from "@tfblocks/tensor-utils";

/** So many of the items, in random order (Fisher and Yates). */
export function sample<Item>(random: Random, items: readonly Item[], count: number): Item[] {
  const left = [...items];
  return Array.from({ length: Math.min(count, left.length) }, (_, at) => {
    const other = at + random.integer(left.length - at);
    [left[at], left[other]] = [left[other]!, left[at]!];
    return left[at]!;
  });
}

/**
 * Random sets of `size` items, no two the same, each in the order of the items. If there are no more than `count` sets, it returns
 * each of them.
 */
export function differentSets<Item>(random: Random, items: readonly Item[], size: number, count: number): Item[][] {
  if (setCount(items.length, size) <= count) return allSets(items, size);
  const indices = [...items.keys()];
  const drawn = new Map<string, number[]>();
  while (drawn.size < count) {
    const set = sample(random, indices, size).toSorted((a, b) => a - b);
    drawn.set(set.join(), set);
  }
  return [...drawn.values()].map((set) => set.map((index) => items[index]!));
}

/** The binomial coefficient: how many sets of `size` items there are. */
function setCount(items: number, size: number): number {
  let count = 1;
  for (let taken = 0; taken < size; taken++) count *= (items - taken) / (taken + 1);
  return Math.round(count);
}

function allSets<Item>(items: readonly Item[], size: number): Item[][] {
  if (size === 0) return [[]];
  const firsts = items.slice(0, Math.max(0, items.length - size + 1));
  return firsts.flatMap((item, at) => allSets(items.slice(at + 1), size - 1).map((rest) => [item, ...rest]));
}
