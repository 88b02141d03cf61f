import type { AttentionMaps } from "./attention-maps.js";
import { type HeadScores, type Row, type RowOptions, scoreRows } from "./row-scores.js";

/**
 * Entropy of attention: H = −Σⱼ Aᵢⱼ ln Aᵢⱼ with 0 · ln 0 = 0, mean over rows.
 *
 * In nats (divide by ln 2 for bits), from 0 (one key) to ln K with K allowed keys, which is also the null.
 * Compare it only between rows with the same K; {@link normalizedEntropy} compares across lengths. No lift.
 *
 * Source: Clark et al. 2019, "What Does BERT Look At?", there with smoothing, here exact.
 *
 * @throws ValueError when `minKeys` is no integer ≥ 1
 */
export function entropy(maps: AttentionMaps, options: RowOptions = {}): HeadScores {
  return scoreRows("entropy", maps, options, "unbounded", rowEntropy);
}

/**
 * Entropy as a share of its maximum: H / ln K with K the allowed keys of the row, mean over rows.
 *
 * From 0 (one key) to 1 (uniform), null 1. Rows with one allowed key have no maximum and are skipped
 * as `noTarget`, whatever `minKeys` is. No lift.
 *
 * @throws ValueError when `minKeys` is no integer ≥ 1
 */
export function normalizedEntropy(maps: AttentionMaps, options: RowOptions = {}): HeadScores {
  return scoreRows("normalizedEntropy", maps, options, "unbounded", (row) =>
    row.keyCount === 1 ? null : Math.min(1, rowEntropy(row) / Math.log(row.keyCount)),
  );
}

/**
 * How many keys a row attends to: e^H, the perplexity of the row, mean over rows.
 *
 * In keys, from 1 to K, which is also the null. No lift.
 *
 * @throws ValueError when `minKeys` is no integer ≥ 1
 */
export function effectiveKeys(maps: AttentionMaps, options: RowOptions = {}): HeadScores {
  return scoreRows("effectiveKeys", maps, options, "unbounded", (row) => Math.exp(rowEntropy(row)));
}

function rowEntropy({ probabilities }: Row): number {
  let nats = 0;
  for (const p of probabilities) if (p > 0) nats -= p * Math.log(p);
  // A weight a rounding above 1 would give a trace below 0.
  return Math.max(0, nats);
}
