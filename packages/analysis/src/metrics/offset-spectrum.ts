import type { AttentionMaps } from "../maps/attention-maps.js";
import { checkedMinKeys, headIndices, type HeadScores, labelled, liftOver, type RowOptions } from "../maps/row-scores.js";
import { readRow, skipReason } from "../maps/rows.js";

/** One bar of a spectrum: {@link offsetMass} at one offset. */
export interface OffsetBar {
  /** Key position − query position. */
  readonly offset: number;
  /** Null when no row of the head has an allowed key at the offset. */
  readonly score: number | null;
  readonly nullScore: number | null;
  readonly lift: number | null;
  readonly rowsUsed: number;
}

/** The spectrum of one head. */
export interface HeadSpectrum {
  readonly head: number;
  /** Every offset from the smallest to the largest that any head allows; the offsets are the same for each head. */
  readonly bars: readonly OffsetBar[];
}

/**
 * Attention by relative position: {@link offsetMass} at every offset, in one pass.
 *
 * A head with one bar near 1 is positional. If every bar is near its `nullScore`, position explains nothing. Large
 * offsets occur in few rows: see `rowsUsed`. For the values of each row, call `offsetMass` with the offset.
 *
 * @throws ValueError when `minKeys` is not an integer ≥ 1, or an option is unknown
 */
export function offsetSpectrum(maps: AttentionMaps, options: RowOptions = {}): HeadScores<HeadSpectrum> {
  const minKeys = checkedMinKeys("offsetSpectrum", options);
  const sums = headIndices("offsetSpectrum", maps).map((head) => sumByOffset(maps, head, minKeys));
  const rowsAt = Array.from({ length: spectrumLength(maps) }, (_, slot) => sums.reduce((rows, sum) => rows + sum.rows[slot]!, 0));
  const first = rowsAt.findIndex((rows) => rows > 0);
  const end = rowsAt.findLastIndex((rows) => rows > 0) + 1;
  const slots = first < 0 ? [] : Array.from({ length: end - first }, (_, index) => first + index);
  const perHead = sums.map((sum, head) => ({ head, bars: slots.map((slot) => toBar(maps, sum, slot)) }));
  return labelled("offsetSpectrum", maps, perHead);
}

interface OffsetSums {
  readonly mass: Float64Array;
  readonly nullMass: Float64Array;
  readonly rows: Float64Array;
}

/** The number of possible offsets. Slot 0 is the offset from the last query to the first key. */
function spectrumLength({ queryLength, keyLength }: AttentionMaps): number {
  return Math.max(0, queryLength + keyLength - 1);
}

function sumByOffset(maps: AttentionMaps, head: number, minKeys: number): OffsetSums {
  const zeros = () => new Float64Array(spectrumLength(maps));
  const sums: OffsetSums = { mass: zeros(), nullMass: zeros(), rows: zeros() };
  for (let batch = 0; batch < maps.batch; batch++) {
    for (let query = 0; query < maps.queryLength; query++) {
      if (skipReason(maps, batch, head, query, minKeys) === undefined) addRow(maps, batch, head, query, sums);
    }
  }
  return sums;
}

function addRow(maps: AttentionMaps, batch: number, head: number, query: number, { mass, nullMass, rows }: OffsetSums): void {
  const { allowed, probabilities, keyCount } = readRow(maps, batch, head, query);
  const shift = maps.queryLength - 1 - query;
  for (let key = 0; key < maps.keyLength; key++) {
    if (allowed[key] === 0) continue;
    mass[key + shift]! += probabilities[key]!;
    nullMass[key + shift]! += 1 / keyCount;
    rows[key + shift]! += 1;
  }
}

function toBar({ queryLength, queryOffset, keyOffset }: AttentionMaps, { mass, nullMass, rows }: OffsetSums, slot: number): OffsetBar {
  const rowsUsed = rows[slot]!;
  const score = rowsUsed === 0 ? null : mass[slot]! / rowsUsed;
  const nullScore = rowsUsed === 0 ? null : nullMass[slot]! / rowsUsed;
  return { offset: slot - (queryLength - 1) + keyOffset - queryOffset, score, nullScore, lift: liftOver(score, nullScore), rowsUsed };
}
