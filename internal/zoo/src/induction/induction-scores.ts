import { type AttentionMaps, patternMass, previousTokenMass } from "@tfblocks/analysis";
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

/** The scores of the heads of one layer. @param rows the sequences of the batch, all of the same length */
export function headScores(layer: number, maps: AttentionMaps, rows: readonly RepeatedSequence[]): InductionScore[] {
  const afterFirst = patternMass(maps, {
    batch: rows.length,
    at: (row, _head, query, key) => {
      const { period } = rows[row]!;
      return query >= period && query < 2 * period && key === query + 1 - period;
    },
  });
  const previous = previousTokenMass(maps);
  return afterFirst.perHead.map(({ head, score }) => ({ layer, head, induction: score!, previous: previous.perHead[head]!.score! }));
}
