import { describeValue, refuse, ShapeError, ValueError } from "@tfblocks/tensor-utils";
import type { AttentionMaps } from "../maps/attention-maps.js";
import { checkedMinKeys, headIndices, type RowOptions } from "../maps/row-scores.js";
import { readRow, type Row, skipReason, uniformRow } from "../maps/rows.js";
import { jensenShannon } from "./jensen-shannon.js";

/** A head of one of several layers, both counted from 0. */
export interface LayerHead {
  readonly layer: number;
  readonly head: number;
}

/** Distances between the heads of one or more layers. */
export interface HeadDistances {
  readonly metric: "headDistances";
  readonly version: 1;
  /** What each row and column of the matrices stands for: the heads of the first layer, then those of the next. */
  readonly heads: readonly LayerHead[];
  /** √divergence: a metric. Symmetric, 0 on the diagonal; null when no row is usable in both heads. */
  readonly distances: readonly (readonly (number | null)[])[];
  /** The mean Jensen-Shannon divergence / ln 2, as `headDiversity` gives it within a layer. */
  readonly divergences: readonly (readonly (number | null)[])[];
  /** The divergences of uniform attention: 0 unless the heads have different masks. */
  readonly nullDivergences: readonly (readonly (number | null)[])[];
  /** Rows, over the batch, that each pair is compared on. */
  readonly rowsUsed: readonly (readonly number[])[];
}

/**
 * Distance of every head to every other, across layers: √(JS / ln 2), JS being the Jensen-Shannon divergence between the
 * rows of two heads, averaged over the rows that are usable in both (pooled over the batch).
 *
 * From 0 (the heads are alike) to 1 (they attend to no common key). A row is usable when both heads allow at least
 * `minKeys` keys (default 2). When all pairs use the same rows the distances obey the triangle inequality, as
 * {@link headLayout} and {@link clusterHeads} expect.
 *
 * Source: Clark et al. 2019, which takes a smoothed sum over rows; Endres & Schindelin 2003 for the square root.
 *
 * @param maps the maps of one layer, or of several layers on the same sequences
 * @throws ShapeError when layers differ in batch, queryLength or keyLength
 * @throws ValueError when there is no layer, `minKeys` is not an integer ≥ 1, or an option is unknown
 */
export function headDistances(maps: AttentionMaps | readonly AttentionMaps[], options: RowOptions = {}): HeadDistances {
  const minKeys = checkedMinKeys("headDistances", options);
  const layers = checkedLayers("headDistances", maps);
  const heads = layers.flatMap((layer, index) => headIndices("headDistances", layer).map((head) => ({ layer: index, head })));
  const rows = heads.map(({ layer, head }) => usableRows(layers[layer]!, head, minKeys));
  const pairs = rows.map((own, index) => rows.slice(0, index + 1).map((others) => comparePair(own, others)));
  const matrix = <Value>(read: (pair: PairSums) => Value) =>
    rows.map((_, index) => rows.map((__, other) => read(pairs[Math.max(index, other)]![Math.min(index, other)]!)));
  return {
    metric: "headDistances",
    version: 1,
    heads,
    distances: withZeroDiagonal(matrix((pair) => rooted(meanOver(pair.sum, pair.rows)))),
    divergences: withZeroDiagonal(matrix((pair) => meanOver(pair.sum, pair.rows))),
    nullDivergences: withZeroDiagonal(matrix((pair) => meanOver(pair.nullSum, pair.rows))),
    rowsUsed: matrix((pair) => pair.rows),
  };
}

interface PairSums {
  readonly sum: number;
  readonly nullSum: number;
  readonly rows: number;
}

function checkedLayers(operation: string, layers: AttentionMaps | readonly AttentionMaps[]): readonly AttentionMaps[] {
  const list = isList(layers) ? layers : [layers];
  if (list.length === 0) refuse(ValueError, operation, "maps", "at least one layer", describeValue(layers));
  for (const maps of list) headIndices(operation, maps);
  const { batch, queryLength, keyLength } = list[0]!;
  list.forEach((maps, index) => {
    if (maps.batch === batch && maps.queryLength === queryLength && maps.keyLength === keyLength) return;
    const expected = `[${batch}, heads, ${queryLength}, ${keyLength}] in every layer`;
    refuse(ShapeError, operation, "maps", expected, `[${maps.batch}, heads, ${maps.queryLength}, ${maps.keyLength}] in layer ${index}`);
  });
  return list;
}

function isList(layers: AttentionMaps | readonly AttentionMaps[]): layers is readonly AttentionMaps[] {
  return Array.isArray(layers);
}

/** A row with the sum of p ln p, which every comparison with it needs. */
interface MeasuredRow extends Row {
  readonly negativeEntropy: number;
}

/** `[batch · queryLength]`: the rows of a head; undefined where a row is not usable. */
function usableRows(maps: AttentionMaps, head: number, minKeys: number): (MeasuredRow | undefined)[] {
  return Array.from({ length: maps.batch * maps.queryLength }, (_, index) => {
    const batch = Math.floor(index / maps.queryLength);
    const query = index % maps.queryLength;
    if (skipReason(maps, batch, head, query, minKeys) !== undefined) return undefined;
    const row = readRow(maps, batch, head, query);
    return { ...row, negativeEntropy: negativeEntropyOfMean(row.probabilities, row.probabilities) };
  });
}

function comparePair(own: readonly (MeasuredRow | undefined)[], others: readonly (MeasuredRow | undefined)[]): PairSums {
  let [sum, nullSum, rows] = [0, 0, 0];
  own.forEach((row, index) => {
    const other = others[index];
    if (row === undefined || other === undefined) return;
    rows++;
    sum += divergenceOf(row, other);
    if (!sameKeys(row, other)) nullSum += jensenShannon(uniformRow(row).probabilities, uniformRow(other).probabilities);
  });
  return { sum, nullSum, rows };
}

/** `jensenShannon` with a single logarithm for each key. */
function divergenceOf(row: MeasuredRow, other: MeasuredRow): number {
  const nats = (row.negativeEntropy + other.negativeEntropy) / 2 - negativeEntropyOfMean(row.probabilities, other.probabilities);
  return Math.min(1, Math.max(0, nats / Math.LN2));
}

function negativeEntropyOfMean(p: Float64Array, q: Float64Array): number {
  let sum = 0;
  for (let key = 0; key < p.length; key++) {
    const mean = (p[key]! + q[key]!) / 2;
    if (mean > 0) sum += mean * Math.log(mean);
  }
  return sum;
}

function sameKeys({ allowed }: Row, { allowed: others }: Row): boolean {
  return allowed.every((isAllowed, key) => (isAllowed === 0) === (others[key] === 0));
}

function meanOver(sum: number, rows: number): number | null {
  return rows === 0 ? null : sum / rows;
}

function rooted(divergence: number | null): number | null {
  return divergence === null ? null : Math.sqrt(divergence);
}

function withZeroDiagonal(matrix: readonly (readonly (number | null)[])[]): (number | null)[][] {
  return matrix.map((row, head) => row.map((value, other) => (head === other ? 0 : value)));
}
