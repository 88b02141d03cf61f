import type { Random } from "@tfblocks/tensor-utils";

/** Items of which a set has so many. */
export interface Pool<Item> {
  readonly items: readonly Item[];
  readonly size: number;
}

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
 * Random sets with so many items of each pool, no two the same, each in the order of the items. If there are no more than `count` sets,
 * it returns each of them.
 */
export function differentSets<Item>(random: Random, pools: readonly Pool<Item>[], count: number): Item[][] {
  if (setCount(pools) <= count) return allSets(pools);
  const drawn = new Map<string, Item[]>();
  while (drawn.size < count) {
    const indices = pools.map(({ items, size }) => sample(random, [...items.keys()], size).toSorted((a, b) => a - b));
    const set = pools.flatMap(({ items }, at) => indices[at]!.map((index) => items[index]!));
    drawn.set(indices.join("|"), set);
  }
  return [...drawn.values()];
}

/** How many such sets there are: the product of the binomial coefficients of the pools. */
export function setCount(pools: readonly Pool<unknown>[]): number {
  return pools.reduce((product, { items, size }) => product * binomial(items.length, size), 1);
}

function binomial(items: number, size: number): number {
  let count = 1;
  for (let taken = 0; taken < size; taken++) count *= (items - taken) / (taken + 1);
  return Math.round(count);
}

function allSets<Item>(pools: readonly Pool<Item>[]): Item[][] {
  const none: Item[][] = [[]];
  return pools.reduce((sets, { items, size }) => sets.flatMap((set) => subsets(items, size).map((more) => [...set, ...more])), none);
}

function subsets<Item>(items: readonly Item[], size: number): Item[][] {
  if (size === 0) return [[]];
  const firsts = items.slice(0, Math.max(0, items.length - size + 1));
  return firsts.flatMap((item, at) => subsets(items.slice(at + 1), size - 1).map((rest) => [item, ...rest]));
}
