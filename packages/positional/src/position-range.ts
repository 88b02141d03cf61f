import { checkInteger } from "@tfblocks/tensor-utils";

/** The queries and keys that a bias is for, by absolute position. */
export interface PositionRange {
  readonly queryLength: number;
  readonly keyLength: number;
  /** Absolute position of the first query; default 0. */
  readonly queryOffset?: number | undefined;
  /** Absolute position of the first key; default 0. */
  readonly keyOffset?: number | undefined;
}

/** @throws ValueError when a length or offset is no integer >= 0 */
export function resolveRange(operation: string, range: PositionRange): Required<{ [Name in keyof PositionRange]: number }> {
  const { queryLength, keyLength, queryOffset = 0, keyOffset = 0 } = range;
  for (const [name, value] of Object.entries({ queryLength, keyLength, queryOffset, keyOffset })) checkInteger(operation, name, value, 0);
  return { queryLength, keyLength, queryOffset, keyOffset };
}

/** `[queryLength, keyLength]`: a number for each distance, key position - query position. */
export function distances(range: PositionRange, of: (distance: number) => number): Float32Array {
  const { queryLength, keyLength, queryOffset = 0, keyOffset = 0 } = range;
  const first = keyOffset - queryOffset - (queryLength - 1); // of the last query to the first key
  const byDistance = Float32Array.from({ length: Math.max(0, queryLength + keyLength - 1) }, (_, index) => of(first + index));
  const cells = new Float32Array(queryLength * keyLength);
  for (let query = 0; query < queryLength; query++) {
    const from = queryLength - 1 - query;
    cells.set(byDistance.subarray(from, from + keyLength), query * keyLength);
  }
  return cells;
}
