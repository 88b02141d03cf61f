import { checkOptions } from "@tfblocks/tensor-utils";
import type { MapShape } from "../maps/allowed-keys.js";
import { type AttentionMaps, type AttentionMapsOptions, mapOptionNames } from "../maps/attention-maps.js";
import { rowIndex } from "../maps/row-index.js";
import { readRow, type Row, type SkippedRows, skipReason } from "../maps/rows.js";
import { rowEntropy } from "../metrics/entropy.js";
import { scoreMaps } from "./score-maps.js";
import { normOfJacobian } from "./softmax-jacobian.js";
import { type Summary, summarize, variance } from "./summary.js";

/** How large the scores of a head are, and what their softmax makes of them. Everything is null when no row was used. */
export interface ScoreMeasures {
  readonly rowsUsed: number;
  readonly skippedRows: SkippedRows;
  /** Variance of all scores together, around their common mean. */
  readonly scoreVariance: number | null;
  /**
   * Variance of the scores within a row, Σ (s − mean)² / (keys − 1). Only differences within a row change its softmax, so
   * this is the spread that counts when the rows of a trained head have different means.
   */
  readonly rowVariance: Summary | null;
  /** The largest magnitude of a score. */
  readonly largestScore: number | null;
  /** Entropy of the weights / ln keys, from 0 (one key) to 1 (uniform). */
  readonly normalizedEntropy: Summary | null;
  /** The largest weight of a row, from 1 / keys to 1. */
  readonly maxWeight: Summary | null;
  /** Frobenius norm of the Jacobian of the softmax, from 0 (one-hot) to 1/2; see `jacobianNorm`. */
  readonly jacobianNorm: Summary | null;
  /** The share of rows whose largest weight is above 0.99. */
  readonly saturated: number | null;
}

/** {@link ScoreMeasures} of one head of an attention. */
export interface HeadScoreMeasures extends ScoreMeasures {
  readonly head: number;
}

/** The result of {@link measureScores}: plain data. */
export interface MeasuredScores {
  readonly metric: "measureScores";
  readonly version: 1;
  readonly perHead: readonly HeadScoreMeasures[];
}

/** A row that was used, with its place in the scores. */
export interface UsedRow extends Row {
  readonly index: number;
}

/**
 * Measures the scores of a real attention, as `scalingTable` measures those of random vectors: variance, entropy, largest
 * weight, Jacobian of the softmax and share of saturated rows, for each head, pooled over the batch.
 *
 * Takes the scores as the softmax reads them, for example the stage `capped` of an attention's taps, after scale, bias and
 * cap. Cells outside the mask and padded queries are never read. Rows with fewer than two allowed keys are skipped and
 * counted.
 *
 * @param scores `[batch, heads, queryLength, keyLength]`, row-major; borrowed. A table of rows is `[1, 1, rows, keys]`.
 * @param shape the four sizes
 * @throws ShapeError when the number of scores, the mask or `queryKeep` contradicts the sizes
 * @throws ValueError when a score is not finite where the mask allows a key (the message names batch, head, row and key), a
 *   size or offset is not an integer ≥ 0, the mask is not a `MapMask`, or an option is unknown
 */
export function measureScores(scores: ArrayLike<number>, shape: MapShape, options: AttentionMapsOptions): MeasuredScores {
  const maps = scoreMaps("measureScores", scores, shape, checkOptions("measureScores", options, mapOptionNames));
  const perHead = Array.from({ length: maps.heads }, (_, head) => ({ head, ...measureRows(maps, scores, head) }));
  return { metric: "measureScores", version: 1, perHead };
}

/** The measures of one head. */
export function measureRows(maps: AttentionMaps, scores: ArrayLike<number>, head: number): ScoreMeasures {
  const rows = usedRows(maps, head);
  const scoresOfRows = rows.map((row) => allowedScores(row, scores));
  const largest = rows.map(({ probabilities }) => probabilities.reduce((most, p) => Math.max(most, p), 0));
  const all = scoresOfRows.flat();
  return {
    rowsUsed: rows.length,
    skippedRows: countSkipped(maps, head),
    scoreVariance: variance(all),
    rowVariance: summarize(scoresOfRows.map((row) => (variance(row)! * row.length) / (row.length - 1))),
    largestScore: all.length === 0 ? null : all.reduce((most, score) => Math.max(most, Math.abs(score)), 0),
    normalizedEntropy: summarize(rows.map((row) => Math.min(1, rowEntropy(row) / Math.log(row.keyCount)))),
    maxWeight: summarize(largest),
    jacobianNorm: summarize(rows.map(({ probabilities }) => normOfJacobian(probabilities))),
    saturated: rows.length === 0 ? null : largest.filter((weight) => weight > 0.99).length / rows.length,
  };
}

/** The rows of a head with at least two allowed keys. */
export function usedRows(maps: AttentionMaps, head: number): UsedRow[] {
  return placesOfRows(maps).flatMap(([batch, query]) => {
    if (skipReason(maps, batch, head, query, 2) !== undefined) return [];
    return [{ ...readRow(maps, batch, head, query), index: rowIndex(maps, batch, head, query) }];
  });
}

function countSkipped(maps: AttentionMaps, head: number): SkippedRows {
  const skipped = { paddedQuery: 0, noAllowedKey: 0, fewKeys: 0, noTarget: 0 };
  for (const [batch, query] of placesOfRows(maps)) {
    const reason = skipReason(maps, batch, head, query, 2);
    if (reason !== undefined) skipped[reason]++;
  }
  return skipped;
}

function placesOfRows({ batch, queryLength }: AttentionMaps): [batch: number, query: number][] {
  return Array.from({ length: batch * queryLength }, (_, row) => [Math.floor(row / queryLength), row % queryLength]);
}

function allowedScores({ index, allowed }: UsedRow, scores: ArrayLike<number>): number[] {
  const start = index * allowed.length;
  return Array.from(allowed, (_, key) => scores[start + key]!).filter((_, key) => allowed[key] !== 0);
}
