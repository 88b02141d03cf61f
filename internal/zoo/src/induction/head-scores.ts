import type { RepeatedSequence } from "./repeated-sequence.js";

/** How much each head attends as an induction circuit does, from 0 to 1. */
export interface HeadScore {
  readonly layer: number;
  readonly head: number;
  /** Mean attention from a token, the second time it comes, to the one after its first time. */
  readonly induction: number;
  /** Mean attention to the token before. */
  readonly previous: number;
}

/**
 * Scores of the heads of one layer.
 *
 * @param weights `[batch, heads, length, length]`, flat
 * @param rows what the weights were computed on, of one length
 */
export function headScores(layer: number, weights: ArrayLike<number>, numHeads: number, rows: readonly RepeatedSequence[]): HeadScore[] {
  return Array.from({ length: numHeads }, (_, head) => ({
    layer,
    head,
    induction: meanAttention(weights, numHeads, head, rows, ({ ids, period }) =>
      countUp(period, Math.min(2 * period, ids.length) - 1, 1 - period),
    ),
    previous: meanAttention(weights, numHeads, head, rows, ({ ids }) => countUp(1, ids.length - 1, -1)),
  }));
}

type Cell = readonly [query: number, key: number];

/** Each query from `first` to `last` with the key at that distance. */
function countUp(first: number, last: number, distance: number): Cell[] {
  return Array.from({ length: last - first + 1 }, (_, index) => [first + index, first + index + distance]);
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
