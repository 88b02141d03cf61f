import type { HeadView } from "./view.js";

/** What heads can be sorted by: nothing, each metric, each label. */
export function sortChoices(heads: readonly HeadView[]): (readonly [value: string, text: string])[] {
  const metrics = new Set(heads.flatMap(({ packed }) => packed.metrics.map(({ name }) => name)));
  const labels = new Set(heads.flatMap(({ packed }) => packed.labels.map(({ label }) => label)));
  return [
    ["", "layer and head"],
    ...Array.from(metrics, (name) => [`metric ${name}`, `${name}, largest first`] as const),
    ...Array.from(labels, (label) => [`label ${label}`, `label: ${label}`] as const),
  ];
}

/** The number that a head is sorted by; null when it has none. */
export function sortValue({ packed }: HeadView, sort: string): number | null {
  const name = sort.slice(sort.indexOf(" ") + 1);
  if (sort.startsWith("metric ")) return packed.metrics.find((metric) => metric.name === name)?.score ?? null;
  return packed.labels.find(({ label }) => label === name)?.score ?? null;
}

/** Indices of heads, largest first; heads without a number at the end, in the order of the model. */
export function sortedHeads(heads: readonly HeadView[], sort: string): number[] {
  const indices = heads.map((_, index) => index);
  if (sort === "") return indices;
  const valueOf = (index: number): number => sortValue(heads[index]!, sort) ?? -Infinity;
  return indices.toSorted((a, b) => compare(valueOf(b), valueOf(a)) || a - b);
}

function compare(a: number, b: number): number {
  return a === b ? 0 : a - b;
}
