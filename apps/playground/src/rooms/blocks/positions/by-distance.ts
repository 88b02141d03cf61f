/** The numbers of one query and the distances of their keys: key position - query position. */
export function byDistance(
  values: Float32Array,
  length: number,
  query: number,
): { readonly distances: Float64Array; readonly row: Float32Array } {
  return {
    distances: Float64Array.from({ length }, (_, key) => key - query),
    row: values.subarray(query * length, (query + 1) * length),
  };
}

/** Selects up to `max` of `count` indices: the first ones densely, then with growing gaps up to the last one, and always the chosen one. */
export function denseFirst(count: number, max: number, chosen: number): number[] {
  if (count <= max) return Array.from({ length: count }, (_, index) => index);
  const list = Array.from({ length: max }, (_, index) => Math.max(index, Math.round(count ** (index / (max - 1)) - 1)));
  if (list.includes(chosen)) return list;
  const nearest = list.reduce((best, each, index) => (Math.abs(each - chosen) < Math.abs(list[best]! - chosen) ? index : best), 1);
  return list.with(nearest, chosen).toSorted((a, b) => a - b);
}
