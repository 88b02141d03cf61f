import { checkInteger, checkOptions, type OptionNames, refuse, ShapeError, ValueError } from "@tfblocks/tensor-utils";
import { allowedKeys, type AllowedKeys, type MapMask, type MapShape, type Positions, rowStart } from "./allowed-keys.js";

/** Attention weights with the mask that they were computed under: checked once, then read by every metric. */
export interface AttentionMaps extends Positions {
  readonly batch: number;
  readonly heads: number;
  readonly queryLength: number;
  readonly keyLength: number;
  /** `[batch, heads, queryLength, keyLength]`: the array that was passed, borrowed and never changed. */
  readonly weights: ArrayLike<number>;
  /** `[batch|1, heads|1, queryLength, keyLength]`. */
  readonly allowed: AllowedKeys;
  /** `[batch, queryLength]`: 0 marks a padded query. */
  readonly queryKeep: Uint8Array;
  /** `[batch, heads, queryLength]`: how many keys each row may attend to. */
  readonly keyCounts: Int32Array;
  /**
   * `[batch, heads, queryLength]`: the float64 sum of each row over its allowed keys; 0 for padded queries and rows
   * without an allowed key.
   */
  readonly rowSums: Float64Array;
}

/** Options of {@link attentionMaps}. */
export interface AttentionMapsOptions {
  /** The mask that the weights were computed under; `null` when every key is allowed. */
  readonly mask: MapMask;
  /**
   * Which queries are not padding, non-zero = keep: `[queryLength]` or `[batch, queryLength]`; default all. Padded
   * queries are never read.
   */
  readonly queryKeep?: Uint8Array;
  /** Absolute position of the first query, for example the length of a key-value cache; default 0. */
  readonly queryOffset?: number;
  /** Absolute position of the first key; default 0. */
  readonly keyOffset?: number;
}

export const mapOptionNames: OptionNames<AttentionMapsOptions> = { mask: true, queryKeep: true, queryOffset: true, keyOffset: true };

/** How far the sum of a row may be from 1; metrics divide each row by its sum. */
const rowSumTolerance = 1e-3;

/**
 * Attention maps from plain arrays, computed by any framework.
 *
 * Each row of a query that is not padding must be a distribution over its allowed keys, if it has any. Cells outside
 * the mask are never read. The arrays are borrowed: do not change them while the maps are in use.
 *
 * @param weights `[batch, heads, queryLength, keyLength]`, row-major; after softmax, before dropout
 * @param shape the four sizes
 * @throws ShapeError when the number of weights, the mask or `queryKeep` contradicts the sizes
 * @throws ValueError when a weight is negative or not finite, a row does not sum to 1 ± 1e-3 (the message names batch,
 *   head and row), a size or offset is not an integer ≥ 0, the mask is not a {@link MapMask}, or an option is unknown
 */
export function attentionMaps(weights: ArrayLike<number>, shape: MapShape, options: AttentionMapsOptions): AttentionMaps {
  return buildMaps("attentionMaps", weights, shape, checkOptions("attentionMaps", options, mapOptionNames));
}

/** {@link attentionMaps} under the name of another operation, for options whose names are checked. */
export function buildMaps(operation: string, weights: ArrayLike<number>, shape: MapShape, options: AttentionMapsOptions): AttentionMaps {
  checkCount(operation, weights.length, shape);
  const [batch, heads, queryLength, keyLength] = shape;
  const { mask, queryOffset = 0, keyOffset = 0 } = options;
  checkInteger(operation, "queryOffset", queryOffset, 0);
  checkInteger(operation, "keyOffset", keyOffset, 0);
  const maps: AttentionMaps = {
    batch,
    heads,
    queryLength,
    keyLength,
    queryOffset,
    keyOffset,
    weights,
    allowed: allowedKeys(operation, mask, shape, { queryOffset, keyOffset }),
    queryKeep: keptQueries(operation, options.queryKeep, batch, queryLength),
    keyCounts: new Int32Array(batch * heads * queryLength),
    rowSums: new Float64Array(batch * heads * queryLength),
  };
  surveyRows(operation, maps);
  return maps;
}

/** The index of a row in `keyCounts` and `rowSums`. Its first weight is at this index times keyLength. */
export function rowIndex({ heads, queryLength }: AttentionMaps, batch: number, head: number, query: number): number {
  return (batch * heads + head) * queryLength + query;
}

function checkCount(operation: string, count: number, shape: MapShape): void {
  if (shape.length !== 4) {
    refuse(ShapeError, operation, "shape", "[batch, heads, queryLength, keyLength]", `[${shape.join(", ")}]`);
  }
  for (const size of shape) checkInteger(operation, "shape", size, 0);
  const cells = shape.reduce((product, size) => product * size, 1);
  if (count !== cells) {
    refuse(ShapeError, operation, "weights", `${cells} numbers for [${shape.join(", ")}]`, count);
  }
}

function keptQueries(operation: string, keep: Uint8Array | undefined, batch: number, queryLength: number): Uint8Array {
  const all = batch * queryLength;
  if (keep === undefined) return new Uint8Array(all).fill(1);
  if (keep.length === all) return keep;
  if (keep.length === queryLength) return Uint8Array.from({ length: all }, (_, row) => keep[row % queryLength]!);
  return refuse(ShapeError, operation, "queryKeep", `[${queryLength}] or [${batch}, ${queryLength}]`, `${keep.length} cells`);
}

/** Counts the allowed keys of every row, and sums the rows that metrics read. */
function surveyRows(operation: string, maps: AttentionMaps): void {
  for (let batch = 0; batch < maps.batch; batch++) {
    for (let head = 0; head < maps.heads; head++) {
      for (let query = 0; query < maps.queryLength; query++) {
        const row = rowIndex(maps, batch, head, query);
        maps.keyCounts[row] = countKeys(maps, batch, head, query);
        const isRead = maps.queryKeep[batch * maps.queryLength + query] !== 0 && maps.keyCounts[row]! > 0;
        if (isRead) maps.rowSums[row] = checkedSum(operation, maps, batch, head, query);
      }
    }
  }
}

function countKeys({ allowed, keyLength }: AttentionMaps, batch: number, head: number, query: number): number {
  const start = rowStart(allowed, batch, head, query);
  let count = 0;
  for (let key = 0; key < keyLength; key++) if (allowed.data[start + key] !== 0) count++;
  return count;
}

function checkedSum(operation: string, maps: AttentionMaps, batch: number, head: number, query: number): number {
  const { weights, allowed, keyLength } = maps;
  const cells = rowStart(allowed, batch, head, query);
  const first = rowIndex(maps, batch, head, query) * keyLength;
  const refuseRow = (expected: string, received: string, advice: string): never =>
    refuse(ValueError, operation, "weights", expected, `${received} in batch ${batch}, head ${head}, row ${query}`, advice);
  let sum = 0;
  for (let key = 0; key < keyLength; key++) {
    if (allowed.data[cells + key] === 0) continue;
    const weight = weights[first + key]!;
    if (!(weight >= 0 && weight < Infinity)) refuseRow("finite and not negative", `${weight}`, "pass weights after softmax");
    sum += weight;
  }
  if (Math.abs(sum - 1) <= rowSumTolerance) return sum;
  return refuseRow(
    `rows that sum to 1 ± ${rowSumTolerance} over their allowed keys`,
    `a sum of ${Number(sum.toPrecision(6))}`,
    "pass weights after softmax and before dropout, with the mask (true = may attend) that they were computed under",
  );
}
