/** The index of a row in `keyCounts` and `rowSums`. Its first weight is at this index times keyLength. */
export function rowIndex(
  { heads, queryLength }: { readonly heads: number; readonly queryLength: number },
  batch: number,
  head: number,
  query: number,
): number {
  return (batch * heads + head) * queryLength + query;
}
