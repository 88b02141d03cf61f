import type { AttentionMaps } from "../maps/attention-maps.js";
import { jensenShannon } from "./jensen-shannon.js";
import {
  checkedMinKeys,
  headIndices,
  type HeadScore,
  type HeadScores,
  labelled,
  liftOver,
  meanOf,
  RowTally,
  type RowOptions,
} from "../maps/row-scores.js";
import { readRow, skipReason, uniformRow } from "../maps/rows.js";

/** How much the heads of a layer differ: overall, for each head and for each pair. */
export interface HeadDiversity extends HeadScores {
  /** Mean distance over the pairs of heads; null with fewer than two heads or without a usable row. */
  readonly score: number | null;
  /** The score of uniform attention: 0 unless the heads have different masks. */
  readonly nullScore: number | null;
  readonly lift: number | null;
  /** `[heads][heads]`, symmetric, 0 on the diagonal; null when no row is usable in both heads. */
  readonly distances: readonly (readonly (number | null)[])[];
}

/**
 * Diversity of heads: the Jensen-Shannon divergence / ln 2 between the rows of two heads, averaged over the rows that
 * are usable in both (pooled over the batch), then over pairs.
 *
 * From 0 (all heads are alike) to 1 (no two heads attend to a common key). `perHead` has the mean distance of each head
 * to the others. A row is usable when both heads allow at least `minKeys` keys. With a single head every score is null.
 * √distance is a metric, suitable for clustering and multidimensional scaling.
 *
 * Source: Clark et al. 2019, which takes a smoothed sum over rows; this is the exact mean.
 *
 * @throws ValueError when `minKeys` is not an integer ≥ 1, or an option is unknown
 */
export function headDiversity(maps: AttentionMaps, options: RowOptions = {}): HeadDiversity {
  const minKeys = checkedMinKeys("headDiversity", options);
  const heads = headIndices("headDiversity", maps);
  const pairs = heads.map((head) => heads.slice(0, head).map((other) => comparePair(maps, head, other, minKeys)));
  const pairOf = (head: number, other: number) => pairs[Math.max(head, other)]![Math.min(head, other)]!;
  const score = meanOf(pairs.flat().map((pair) => pair.score));
  const nullScore = meanOf(pairs.flat().map((pair) => pair.nullScore));
  const pairsOf = (head: number) => heads.filter((other) => other !== head).map((other) => pairOf(head, other));
  const perHead = heads.map((head) => meanOfPairs(maps, head, minKeys, pairsOf(head)));
  return {
    ...labelled("headDiversity", maps, perHead),
    score,
    nullScore,
    lift: liftOver(score, nullScore),
    distances: heads.map((head) => heads.map((other) => (head === other ? 0 : pairOf(head, other).score))),
  };
}

function comparePair(maps: AttentionMaps, head: number, other: number, minKeys: number): HeadScore {
  const tally = new RowTally(maps);
  for (let batch = 0; batch < maps.batch; batch++) {
    for (let query = 0; query < maps.queryLength; query++) {
      const skip = skipReason(maps, batch, head, query, minKeys) ?? skipReason(maps, batch, other, query, minKeys);
      if (skip !== undefined) tally.skip(skip);
      else compareRow(maps, batch, query, head, other, tally);
    }
  }
  return tally.score(head, "fraction");
}

function compareRow(maps: AttentionMaps, batch: number, query: number, head: number, other: number, tally: RowTally): void {
  const [p, q] = [readRow(maps, batch, head, query), readRow(maps, batch, other, query)];
  const sharedMask = maps.allowed.shape[1] === 1;
  const nullValue = sharedMask ? 0 : jensenShannon(uniformRow(p).probabilities, uniformRow(q).probabilities);
  tally.add(batch, query, jensenShannon(p.probabilities, q.probabilities), nullValue);
}

function meanOfPairs(maps: AttentionMaps, head: number, minKeys: number, pairs: readonly HeadScore[]): HeadScore {
  const tally = new RowTally(maps);
  for (let batch = 0; batch < maps.batch; batch++) {
    for (let query = 0; query < maps.queryLength; query++) {
      const row = batch * maps.queryLength + query;
      const skip = skipReason(maps, batch, head, query, minKeys);
      const value = meanOf(pairs.map((pair) => pair.values[row]!));
      if (skip !== undefined || value === null) tally.skip(skip ?? "noTarget");
      else tally.add(batch, query, value, meanOf(pairs.map((pair) => pair.nullValues[row]!))!);
    }
  }
  return tally.score(head, "fraction");
}
