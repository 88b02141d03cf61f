import { checkInteger } from "@tfblocks/tensor-utils";
import type { AttentionMaps } from "./attention-maps.js";
import { type HeadScores, type Row, type RowOptions, scoreRows } from "./row-scores.js";

/** Says of a token, by its index in the sequence and the sequence's index in the batch, whether it is meant. */
export type TokenPredicate = (token: number, batch: number) => boolean;

/** Options of {@link tokenMass}. */
export interface TokenMassOptions extends RowOptions {
  /** The tokens whose received attention is added up, such as separators or punctuation. */
  readonly keys: TokenPredicate;
  /** The tokens that attend; default all. Others are skipped as `noTarget`. */
  readonly queries?: TokenPredicate;
}

/** Options of {@link firstTokenMass}. */
export interface FirstTokenOptions extends RowOptions {
  /** Index of the first token, or of each sequence's first token when padding stands on the left; default 0. */
  readonly firstKey?: number | ((batch: number) => number);
}

/**
 * Attention to a class of tokens: Σⱼ∈c Aᵢⱼ, mean over rows.
 *
 * From 0 to 1, null mean(|c ∩ allowed| / K), with lift. A row that may attend to no token of the class counts, with 0
 * and a null of 0. Separator to separator is the same predicate for `keys` and `queries`.
 *
 * Source: Clark et al. 2019
 *
 * @throws ValueError when `minKeys` is no integer ≥ 1
 */
export function tokenMass(maps: AttentionMaps, options: TokenMassOptions): HeadScores {
  const { keys, queries = () => true } = options;
  return scoreRows("tokenMass", maps, options, "share", (row) => (queries(row.query, row.batch) ? massOf(row, keys) : null));
}

/**
 * Attention to the first token: Aᵢ₀, mean over the rows that may attend to it.
 *
 * From 0 to 1, null mean(1 / K), with lift. Under a causal mask the null itself is large at toy lengths (0.36 at
 * length 4): read the lift. Rows that may not attend to the first token (beyond a sliding window) are skipped as `noTarget`.
 *
 * Source: Gu et al. 2025, "When Attention Sink Emerges in Language Models", α₁, there with the row of one key (`minKeys: 1`).
 *
 * @throws ValueError when `firstKey` is no index of a key or `minKeys` no integer ≥ 1
 */
export function firstTokenMass(maps: AttentionMaps, options: FirstTokenOptions = {}): HeadScores {
  const firstKeys = checkedFirstKeys(maps, options);
  return scoreRows("firstTokenMass", maps, options, "share", ({ batch, allowed, probabilities }) => {
    const key = firstKeys[batch]!;
    return allowed[key] ? probabilities[key]! : null;
  });
}

function massOf({ batch, allowed, probabilities }: Row, keys: TokenPredicate): number {
  let mass = 0;
  for (let key = 0; key < allowed.length; key++) if (allowed[key] && keys(key, batch)) mass += probabilities[key]!;
  return mass;
}

function checkedFirstKeys({ batch, keyLength }: AttentionMaps, { firstKey = 0 }: FirstTokenOptions): number[] {
  const firstKeys = Array.from({ length: batch }, (_, index) => (typeof firstKey === "number" ? firstKey : firstKey(index)));
  if (keyLength > 0) for (const key of firstKeys) checkInteger("firstTokenMass", "firstKey", key, 0, keyLength - 1);
  return firstKeys;
}
