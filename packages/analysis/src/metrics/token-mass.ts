import { checkInteger, checkOptions, describeValue, type OptionNames, refuse, ValueError } from "@tfblocks/tensor-utils";
import { checkFunction } from "../checks.js";
import type { AttentionMaps } from "../maps/attention-maps.js";
import { headIndices, type HeadScores, rowOptionNames, type RowOptions } from "../maps/row-scores.js";
import { type RowMetric, rowMetric, scoreMetric } from "../maps/score-metrics.js";
import { type Row } from "../maps/rows.js";

/** Whether a token belongs to a class, by its index in the sequence and the index of the sequence in the batch. */
export type TokenPredicate = (token: number, batch: number) => boolean;

/** Options of {@link tokenMass}. */
export interface TokenMassOptions extends RowOptions {
  /** The tokens whose received attention is summed, for example separators or punctuation. */
  readonly keys: TokenPredicate;
  /** The queries to score; default all. Others are skipped as `noTarget`. */
  readonly queries?: TokenPredicate;
}

/** Options of {@link firstTokenMass}. */
export interface FirstTokenOptions extends RowOptions {
  /** Index of the first token, as one number or, with padding on the left, for each sequence; default 0. */
  readonly firstKey?: number | ((batch: number) => number);
}

const tokenMassNames: OptionNames<TokenMassOptions> = { ...rowOptionNames, keys: true, queries: true };
export const firstTokenNames: OptionNames<FirstTokenOptions> = { ...rowOptionNames, firstKey: true };

/**
 * Attention to a class of tokens: Σⱼ∈c Aᵢⱼ, mean over rows.
 *
 * From 0 to 1; uniform attention scores mean(|c ∩ allowed| / K) with K allowed keys in a row. It has a lift. A row that
 * may not attend to any token of the class counts, with a score of 0. For attention from separators to separators pass
 * one predicate as `keys` and `queries`.
 *
 * Source: Clark et al. 2019
 *
 * @throws ValueError when `keys` or `queries` is not a function, `minKeys` is not an integer ≥ 1, or an option is unknown
 */
export function tokenMass(maps: AttentionMaps, options: TokenMassOptions): HeadScores {
  return scoreMetric(maps, tokenMassMetric(maps, options));
}

export function tokenMassMetric(maps: AttentionMaps, options: TokenMassOptions): RowMetric {
  const { keys, queries = () => true, ...rows } = checkOptions("tokenMass", options, tokenMassNames);
  for (const [name, value] of Object.entries({ keys, queries })) {
    if (typeof value !== "function") refuse(ValueError, "tokenMass", name, "a function of a token's index", describeValue(value));
  }
  const isMember = remembered(keys, maps);
  return rowMetric("tokenMass", rows, "fraction", (row) => (queries(row.query, row.batch) ? massOf(row, isMember) : null));
}

/**
 * Attention to the first token: Aᵢ₀, mean over the rows that may attend to it.
 *
 * From 0 to 1; uniform attention scores mean(1 / K), which is large for short causal sequences (0.36 at length 4), so
 * look at the lift. Rows that may not attend to the first token, for example beyond a sliding window, are skipped as
 * `noTarget`.
 *
 * Source: Gu et al. 2025, "When Attention Sink Emerges in Language Models", α₁, which includes the row of one key
 * (`minKeys: 1`).
 *
 * @throws ValueError when `firstKey` is not the index of a key, `minKeys` is not an integer ≥ 1, or an option is unknown
 */
export function firstTokenMass(maps: AttentionMaps, options: FirstTokenOptions = {}): HeadScores {
  return firstTokenScores("firstTokenMass", maps, checkOptions("firstTokenMass", options, firstTokenNames));
}

/** {@link firstTokenMass} under the name of another operation. */
export function firstTokenScores(operation: string, maps: AttentionMaps, options: FirstTokenOptions): HeadScores {
  return scoreMetric(maps, firstTokenMetric(operation, maps, options));
}

export function firstTokenMetric(operation: string, maps: AttentionMaps, options: FirstTokenOptions = {}): RowMetric {
  const { firstKey = 0, ...rows } = options;
  const firstKeys = checkedFirstKeys(operation, maps, firstKey);
  return rowMetric(operation, rows, "fraction", ({ batch, allowed, probabilities }) => {
    const key = firstKeys[batch]!;
    return allowed[key] ? probabilities[key]! : null;
  });
}

function massOf({ batch, allowed, probabilities, keyEnd }: Row, isMember: TokenPredicate): number {
  let mass = 0;
  for (let key = 0; key < keyEnd; key++) if (allowed[key] && isMember(key, batch)) mass += probabilities[key]!;
  return mass;
}

/** A predicate that is asked once for each token. */
function remembered(keys: TokenPredicate, { batch: batches, keyLength }: AttentionMaps): TokenPredicate {
  const known = new Uint8Array(batches * keyLength); // 0 unknown, 1 no, 2 yes
  return (key, batch) => {
    const index = batch * keyLength + key;
    if (known[index] === 0) known[index] = keys(key, batch) ? 2 : 1;
    return known[index] === 2;
  };
}

type FirstKey = NonNullable<FirstTokenOptions["firstKey"]>;

function checkedFirstKeys(operation: string, maps: AttentionMaps, firstKey: FirstKey): number[] {
  headIndices(operation, maps);
  const { batch, keyLength } = maps;
  const isIndex = typeof firstKey === "number";
  if (!isIndex) checkFunction(operation, "firstKey", firstKey, "the index of a key, or a function of a sequence's index");
  const firstKeys = Array.from({ length: batch }, (_, index) => (typeof firstKey === "number" ? firstKey : firstKey(index)));
  if (keyLength > 0) for (const key of firstKeys) checkInteger(operation, "firstKey", key, 0, keyLength - 1);
  return firstKeys;
}
