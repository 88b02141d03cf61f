import type { AttentionMaps } from "../maps/attention-maps.js";
import { type HeadScores, type RowOptions } from "../maps/row-scores.js";
import { type RowMetric, rowMetric, scoreMetric } from "../maps/score-metrics.js";
import { type Row } from "../maps/rows.js";

/**
 * Entropy of attention: H = −Σⱼ Aᵢⱼ ln Aᵢⱼ with 0 · ln 0 = 0, mean over rows.
 *
 * In nats (divide by ln 2 for bits), from 0 (one key) to ln K with K allowed keys, the score of uniform attention.
 * Compare it only between rows with the same K; {@link normalizedEntropy} is comparable across lengths. It has no lift.
 *
 * Source: Clark et al. 2019, "What Does BERT Look At?", which smooths the weights; here they are exact.
 *
 * @throws ValueError when `minKeys` is not an integer ≥ 1, or an option is unknown
 */
export function entropy(maps: AttentionMaps, options: RowOptions = {}): HeadScores {
  return scoreMetric(maps, entropyMetric(options));
}

export function entropyMetric(options: RowOptions = {}): RowMetric {
  return rowMetric("entropy", options, "unbounded", rowEntropy);
}

/**
 * Entropy relative to its maximum: H / ln K with K allowed keys in the row, mean over rows.
 *
 * From 0 (one key) to 1, the score of uniform attention. Rows with one allowed key are skipped as `noTarget`, whatever
 * `minKeys` is, because their maximum is 0. It has no lift.
 *
 * @throws ValueError when `minKeys` is not an integer ≥ 1, or an option is unknown
 */
export function normalizedEntropy(maps: AttentionMaps, options: RowOptions = {}): HeadScores {
  return scoreMetric(maps, normalizedEntropyMetric(options));
}

export function normalizedEntropyMetric(options: RowOptions = {}): RowMetric {
  return rowMetric("normalizedEntropy", options, "unbounded", (row) =>
    row.keyCount === 1 ? null : Math.min(1, rowEntropy(row) / Math.log(row.keyCount)),
  );
}

/**
 * How many keys a row attends to: e^H, the perplexity of the row, mean over rows.
 *
 * In keys, from 1 to K, the score of uniform attention. It has no lift.
 *
 * @throws ValueError when `minKeys` is not an integer ≥ 1, or an option is unknown
 */
export function effectiveKeys(maps: AttentionMaps, options: RowOptions = {}): HeadScores {
  return scoreMetric(
    maps,
    rowMetric("effectiveKeys", options, "unbounded", (row) => Math.exp(rowEntropy(row))),
  );
}

const entropies = new WeakMap<Row, number>();

/** −Σ p ln p of a row, in nats. It is computed once, although several metrics need it. */
export function rowEntropy(row: Row): number {
  const known = entropies.get(row);
  if (known !== undefined) return known;
  const nats = entropyOf(row);
  entropies.set(row, nats);
  return nats;
}

function entropyOf({ probabilities, allowed, keyEnd }: Row): number {
  let nats = 0;
  for (let key = 0; key < keyEnd; key++) nats -= timesLog(probabilities[key]!);
  for (let extra = allowed.length; extra < probabilities.length; extra++) nats -= timesLog(probabilities[extra]!);
  // A weight that rounding puts above 1 would make the entropy negative.
  return Math.max(0, nats);
}

function timesLog(p: number): number {
  return p > 0 ? p * Math.log(p) : 0;
}
