import { checkInteger, checkOptions, type OptionNames, refuse, ShapeError } from "@tfblocks/tensor-utils";
import { checkSequences } from "../checks.js";
import type { MaskPredicate } from "../maps/allowed-keys.js";
import type { AttentionMaps } from "../maps/attention-maps.js";
import { headIndices, type HeadScores, rowOptionNames, type RowOptions } from "../maps/row-scores.js";
import { type RowMetric, rowMetric, scoreMetric } from "../maps/score-metrics.js";

/** Options of a metric that compares tokens. */
export interface RepeatedTokenOptions extends RowOptions {
  /**
   * The token ids of the keys: for each sequence a list of keyLength integers. A query is the token of the key at its position, so that
   * maps with a `queryOffset` need the tokens before it too.
   */
  readonly ids: readonly ArrayLike<number>[];
}

const optionNames: OptionNames<RepeatedTokenOptions> = { ...rowOptionNames, ids: true };

/**
 * Attention to earlier copies of the same token: Σ Aᵢⱼ over j < i with tokenⱼ = tokenᵢ, mean over the rows with such a key.
 *
 * From 0 to 1; uniform attention scores mean(copies / K) with K keys in a row. It has a lift. Rows without an allowed earlier
 * copy are skipped as `noTarget`, so a perfect duplicate-token head scores 1. Under every mask only earlier keys count.
 *
 * Source: Wang et al. 2023, "Interpretability in the Wild"; the detector of TransformerLens divides by all rows, as
 * `detectionScore` does.
 *
 * @throws ShapeError when there is not one id for each key of each sequence
 * @throws ValueError when an id is not an integer, `minKeys` is not an integer ≥ 1, or an option is unknown
 */
export function duplicateTokenMass(maps: AttentionMaps, options: RepeatedTokenOptions): HeadScores {
  return scoreMetric(maps, repeatedMetric("duplicateTokenMass", maps, options));
}

/**
 * Prefix matching of induction heads: Σ Aᵢⱼ over the keys j < i that follow an earlier copy of token i (tokenⱼ₋₁ = tokenᵢ), mean
 * over the rows with such a key.
 *
 * From 0 to 1; uniform attention scores mean(such keys / K) with K keys in a row. It has a lift. Rows without an allowed key of
 * this kind are skipped as `noTarget`, so a perfect induction head scores 1. Under every mask only earlier keys count. The
 * usual input is a sequence of random tokens that is repeated.
 *
 * Source: Olsson et al. 2022, "In-context Learning and Induction Heads", with its erratum: the key follows the copy.
 *
 * @throws ShapeError when there is not one id for each key of each sequence
 * @throws ValueError when an id is not an integer, `minKeys` is not an integer ≥ 1, or an option is unknown
 */
export function prefixMatching(maps: AttentionMaps, options: RepeatedTokenOptions): HeadScores {
  return scoreMetric(maps, repeatedMetric("prefixMatching", maps, options));
}

/**
 * The pattern of {@link duplicateTokenMass}: earlier copies of the token of the query. `ids[batch][0]` is at position 0.
 *
 * @throws ValueError when the ids are not one list for each sequence
 */
export function duplicateTokenPattern(ids: readonly ArrayLike<number>[]): MaskPredicate {
  checkSequences("duplicateTokenPattern", "ids", ids);
  return { batch: ids.length, at: (batch, _head, query, key) => key < query && ids[batch]![key] === ids[batch]![query] };
}

/**
 * The pattern of {@link prefixMatching}: keys after earlier copies of the token of the query. `ids[batch][0]` is at position 0.
 *
 * @throws ValueError when the ids are not one list for each sequence
 */
export function inductionPattern(ids: readonly ArrayLike<number>[]): MaskPredicate {
  checkSequences("inductionPattern", "ids", ids);
  return {
    batch: ids.length,
    at: (batch, _head, query, key) => key > 0 && key < query && ids[batch]![key - 1] === ids[batch]![query],
  };
}

/** How many keys after an earlier copy the key of a metric stands. */
const stepsAfterCopy = { duplicateTokenMass: 0, prefixMatching: 1 };

/** The attention to keys after earlier copies of the token of the query. */
export function repeatedMetric(operation: keyof typeof stepsAfterCopy, maps: AttentionMaps, options: RepeatedTokenOptions): RowMetric {
  const { ids, ...rows } = checkOptions(operation, options, optionNames);
  headIndices(operation, maps);
  checkIds(operation, maps, ids);
  const copies = ids.map(copiesOf);
  const steps = stepsAfterCopy[operation];
  const shift = maps.queryOffset - maps.keyOffset;
  return rowMetric(operation, rows, "fraction", ({ batch, query, allowed, probabilities }) => {
    let mass: number | null = null;
    const own = query + shift; // the index of the key at the position of the query
    for (const copy of copies[batch]!.get(ids[batch]![own]!) ?? []) {
      const key = copy + steps;
      if (key >= own) break;
      if (allowed[key] !== 0) mass = (mass ?? 0) + probabilities[key]!;
    }
    return mass;
  });
}

/** The indices of each token, ascending. */
function copiesOf(ids: ArrayLike<number>): ReadonlyMap<number, readonly number[]> {
  const copies = new Map<number, number[]>();
  for (let index = 0; index < ids.length; index++) {
    const own = copies.get(ids[index]!);
    if (own === undefined) copies.set(ids[index]!, [index]);
    else own.push(index);
  }
  return copies;
}

/**
 * Checks the token ids of maps.
 *
 * @throws ShapeError when there is not one id for each key of each sequence; ValueError when they are not lists of integers
 */
export function checkIds(operation: string, { batch, keyLength }: AttentionMaps, ids: readonly ArrayLike<number>[]): void {
  checkSequences(operation, "ids", ids);
  if (ids.length !== batch) {
    refuse(ShapeError, operation, "ids", `a list for each sequence (batch = ${batch})`, `${ids.length} lists`);
  }
  for (const list of ids) {
    if (list.length !== keyLength) {
      refuse(ShapeError, operation, "ids", `lists of length keyLength = ${keyLength}`, `a list of length ${list.length}`);
    }
    for (const id of Array.from(list)) checkInteger(operation, "ids", id, Number.MIN_SAFE_INTEGER);
  }
}
