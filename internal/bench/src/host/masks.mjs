/**
 * The masks of the cases, as plain functions of positions. `window` is the last `keys` keys, itself included;
 * `documents` is causal within each of the packed documents.
 */
export function allows(mask) {
  if (mask === undefined) return () => true;
  if (mask.type === "causal") return (query, key) => key <= query;
  if (mask.type === "window") return (query, key) => key <= query && key > query - mask.keys;
  const ids = documentIds(mask.lengths);
  return (query, key) => key <= query && ids[query] === ids[key];
}

export const documentIds = (lengths) => Int32Array.from(lengths.flatMap((length, id) => Array(length).fill(id)));

/** How many (query, key) pairs a mask allows, row by row. */
export function allowedPairs({ mask, queries, keys }) {
  const range = (count) => (count * (count + 1)) / 2;
  if (mask === undefined) return queries * keys;
  if (mask.type === "causal") return range(queries);
  if (mask.type === "window") return range(mask.keys) + (queries - mask.keys) * mask.keys;
  return mask.lengths.reduce((total, length) => total + range(length), 0);
}

/** `[queries, keys]`: `open` where a pair is allowed, `shut` where not, in an array of the given kind. */
export function denseMask({ mask, queries, keys }, ArrayKind, open, shut) {
  const allowed = allows(mask);
  const cells = new ArrayKind(queries * keys).fill(shut);
  for (let query = 0; query < queries; query++) {
    for (let key = 0; key < keys; key++) if (allowed(query, key)) cells[query * keys + key] = open;
  }
  return cells;
}
