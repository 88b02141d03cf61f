import { checkInteger, type OptionNames } from "@tfblocks/tensor-utils";

/** The absolute positions of the queries and keys of a bias. */
export interface PositionRange {
  readonly queryLength: number;
  readonly keyLength: number;
  /** Absolute position of the first query; default 0. */
  readonly queryOffset?: number | undefined;
  /** Absolute position of the first key; default 0. */
  readonly keyOffset?: number | undefined;
}

export const rangeNames: OptionNames<PositionRange> = { queryLength: true, keyLength: true, queryOffset: true, keyOffset: true };

/** A range with its defaults. @throws ValueError when a length or offset is not an integer >= 0 */
export function resolveRange(operation: string, range: PositionRange): Required<{ [Name in keyof PositionRange]: number }> {
  const { queryLength, keyLength, queryOffset = 0, keyOffset = 0 } = range;
  for (const [name, value] of Object.entries({ queryLength, keyLength, queryOffset, keyOffset })) checkInteger(operation, name, value, 0);
  return { queryLength, keyLength, queryOffset, keyOffset };
}

/** `[queryLength, keyLength]`: a function of each distance, key position - query position. */
export function distances(range: PositionRange, fn: (distance: number) => number): Float32Array {
  const { queryLength, keyLength, queryOffset = 0, keyOffset = 0 } = range;
  const first = keyOffset - queryOffset - (queryLength - 1); // from the last query to the first key
  const byDistance = Float32Array.from({ length: Math.max(0, queryLength + keyLength - 1) }, (_, index) => fn(first + index));
  const cells = new Float32Array(queryLength * keyLength);
  for (let query = 0; query < queryLength; query++) {
    const from = queryLength - 1 - query;
    cells.set(byDistance.subarray(from, from + keyLength), query * keyLength);
  }
  return cells;
}
