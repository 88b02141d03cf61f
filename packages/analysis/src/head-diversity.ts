import type { AttentionMaps } from "./attention-maps.js";
import { jensenShannon } from "./jensen-shannon.js";
import {
  checkedMinKeys,
  headIndices,
  type HeadScore,
  type HeadScores,
  liftOver,
  meanOf,
  readRow,
  RowTally,
  type RowOptions,
  skipReason,
  uniformRow,
} from "./row-scores.js";

/** How different the heads of a layer are, as one number, per head and per pair. */
export interface HeadDiversity extends HeadScores {
  /** Mean distance over the pairs of heads; null with fewer than two heads or without a usable row. */
  readonly score: number | null;
  /** The same of uniform attention: 0 unless the heads have different masks. */
  readonly nullScore: number | null;
  readonly lift: number | null;
  /** `[heads][heads]`, symmetric, 0 on the diagonal; null where two heads share no usable row. */
  readonly distances: readonly (readonly (number | null)[])[];
}

/**
 * Diversity of heads: Jensen-Shannon divergence / ln 2 between the rows of two heads, mean over the rows usable in
 * both (pooled over the batch), then over pairs.
 *
 * From 0 (all heads alike) to 1 (no two heads share a key). `perHead` holds each head's mean distance to
 * the others; a row is usable when both heads allow at least `minKeys` keys. With a single head everything is null.
 * √distance is a metric, fit for clustering and multidimensional scaling.
 *
 * Source: Clark et al. 2019, there a smoothed sum over rows, here an exact mean.
 *
 * @throws ValueError when `minKeys` is no integer ≥ 1
 */
export function headDiversity(maps: AttentionMaps, options: RowOptions = {}): HeadDiversity {
  const minKeys = checkedMinKeys("headDiversity", options);
  const heads = headIndices("headDiversity", maps);
  const pairs = heads.map((head) => heads.slice(0, head).map((other) => comparePair(maps, head, other, minKeys)));
  const pairOf = (head: number, other: number) => pairs[Math.max(head, other)]![Math.min(head, other)]!;
  const score = meanOf(pairs.flat().map((pair) => pair.score));
  const nullScore = meanOf(pairs.flat().map((pair) => pair.nullScore));
  return {
    score,
    nullScore,
    lift: liftOver(score, nullScore),
    distances: heads.map((head) => heads.map((other) => (head === other ? 0 : pairOf(head, other).score))),
    perHead: heads.map((head) =>
      meanOfPairs(
        maps,
        head,
        minKeys,
        heads.filter((other) => other !== head).map((other) => pairOf(head, other)),
      ),
    ),
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
  return tally.score(head, "share");
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
  return tally.score(head, "share");
}
