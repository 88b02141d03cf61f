/** The numbers of one query's row against the distance of the key: key position - query position. */
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

/** Some of many, the first ones densely and the last among them, with a chosen one in place of its nearest. */
export function denseFirst(count: number, most: number, chosen: number): number[] {
  if (count <= most) return Array.from({ length: count }, (_, index) => index);
  const list = Array.from({ length: most }, (_, index) => Math.max(index, Math.round(count ** (index / (most - 1)) - 1)));
  if (list.includes(chosen)) return list;
  const nearest = list.reduce((best, each, index) => (Math.abs(each - chosen) < Math.abs(list[best]! - chosen) ? index : best), 1);
  return list.with(nearest, chosen).toSorted((a, b) => a - b);
}
