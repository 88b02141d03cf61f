/** How far two summaries of results are apart, as a share of the size of ours; undefined where they are not of one shape. */
export function distance(ours, other) {
  if (ours.length !== other.length) return undefined;
  const furthest = Math.max(...ours.picked.map((value, index) => Math.abs(value - other.picked[index])));
  return furthest / (ours.size || 1);
}

/** float32, summed in another order. */
export const tolerance = 1e-3;
