import type { RepeatedSequence } from "./repeated-sequence.js";

/** How much a head takes part in an induction circuit, from 0 to 1. */
export interface InductionScore {
  readonly layer: number;
  readonly head: number;
  /** Mean attention from the second occurrence of a token to the token after its first occurrence. */
  readonly induction: number;
  /** Mean attention to the previous token. */
  readonly previous: number;
}

/**
 * The scores of the heads of one layer.
 *
 * @param weights `[batch, heads, length, length]`, flat
 * @param rows the sequences of the batch, all of the same length
 */
export function headScores(
  layer: number,
  weights: ArrayLike<number>,
  numHeads: number,
  rows: readonly RepeatedSequence[],
): InductionScore[] {
  return Array.from({ length: numHeads }, (_, head) => ({
    layer,
    head,
    induction: meanAttention(weights, numHeads, head, rows, ({ ids, period }) =>
      cellsFrom(period, Math.min(2 * period, ids.length) - 1, 1 - period),
    ),
    previous: meanAttention(weights, numHeads, head, rows, ({ ids }) => cellsFrom(1, ids.length - 1, -1)),
  }));
}

type Cell = readonly [query: number, key: number];

/** The cells of queries `first` to `last` with the key at a relative position. */
function cellsFrom(first: number, last: number, offset: number): Cell[] {
  return Array.from({ length: last - first + 1 }, (_, index) => [first + index, first + index + offset]);
}

function meanAttention(
  weights: ArrayLike<number>,
  numHeads: number,
  head: number,
  rows: readonly RepeatedSequence[],
  cellsOf: (row: RepeatedSequence) => readonly Cell[],
): number {
  let [total, count] = [0, 0];
  for (const [batch, row] of rows.entries()) {
    const length = row.ids.length;
    for (const [query, key] of cellsOf(row)) {
      total += weights[((batch * numHeads + head) * length + query) * length + key]!;
      count++;
    }
  }
  return total / count;
}
