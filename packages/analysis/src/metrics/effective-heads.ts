import type { AttentionMaps } from "../maps/attention-maps.js";
import { checkedMinKeys, headIndices, type RowOptions } from "../maps/row-scores.js";
import { readRow, type Row, skipReason, uniformRow } from "../maps/rows.js";
import { singularValues } from "./linear-algebra/singular-values.js";
import { effectiveRankOf } from "./matrix-rank.js";

/** How many different heads a layer has. */
export interface EffectiveHeads {
  readonly metric: "effectiveHeads";
  readonly version: 1;
  /** In heads, from 1 to the number of heads; null when no row is usable in every head. */
  readonly score: number | null;
  /** The score of uniform attention over the same rows: 1 unless the heads have different masks. */
  readonly nullScore: number | null;
  /** Rows, over the batch, that are usable in every head. */
  readonly rowsUsed: number;
  /** `[heads]`: the singular values of the heads' maps, largest first; empty when `score` is null. */
  readonly singularValues: readonly number[];
}

/**
 * Effective number of heads: the effective rank of the matrix `[heads, rows · keys]` whose rows are the heads' maps.
 *
 * From 1 (all heads are alike) to the number of heads (no two heads attend to a common key, and all attend with equal
 * sharpness). Rows that are usable in every head count, pooled over the batch; a row is usable when it allows at least
 * `minKeys` keys (default 2). Maps are not centred: what all heads share counts as one head.
 *
 * Source: the effective rank of Roy & Vetterli 2007.
 *
 * @throws ValueError when `minKeys` is not an integer ≥ 1, or an option is unknown
 */
export function effectiveHeads(maps: AttentionMaps, options: RowOptions = {}): EffectiveHeads {
  const minKeys = checkedMinKeys("effectiveHeads", options);
  const heads = headIndices("effectiveHeads", maps);
  const used = usedRows(maps, heads, minKeys);
  const spectrum = (read: (row: Row) => Row) =>
    used.length === 0 ? [] : singularValues(heads.map((head) => flatRows(maps, head, used, read)));
  const singular = spectrum((row) => row);
  return {
    metric: "effectiveHeads",
    version: 1,
    score: effectiveRankOf(singular),
    nullScore: effectiveRankOf(spectrum(uniformRow)),
    rowsUsed: used.length,
    singularValues: singular,
  };
}

type UsedRow = readonly [batch: number, query: number];

function usedRows(maps: AttentionMaps, heads: readonly number[], minKeys: number): UsedRow[] {
  const used: UsedRow[] = [];
  for (let batch = 0; batch < maps.batch; batch++) {
    for (let query = 0; query < maps.queryLength; query++) {
      if (heads.every((head) => skipReason(maps, batch, head, query, minKeys) === undefined)) used.push([batch, query]);
    }
  }
  return used;
}

function flatRows(maps: AttentionMaps, head: number, used: readonly UsedRow[], read: (row: Row) => Row): Float64Array {
  const width = maps.keyLength + maps.extraKeys.length;
  const flat = new Float64Array(used.length * width);
  used.forEach(([batch, query], index) => flat.set(read(readRow(maps, batch, head, query)).probabilities, index * width));
  return flat;
}
