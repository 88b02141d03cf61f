import { type AllowedKeys, rowStart } from "../../maps/allowed-keys.js";
import { type AttentionMaps, attentionMaps } from "../../maps/attention-maps.js";
import { rowIndex } from "../../maps/row-index.js";

/** Attention maps without their weights. */
export type MapLayout = Omit<AttentionMaps, "weights" | "keyCounts" | "rowSums" | "extraWeights">;

/** Weights of {@link encodeMaps}, `[batch, heads, queryLength, columns]`: one column for each key, and one for each extra key. */
export type MapCodes = Uint8Array;

export function columnsOf({ keyLength, extraKeys }: MapLayout): number {
  return keyLength + extraKeys.length;
}

/** A copy of what is not the weights. */
export function layoutOf(maps: AttentionMaps): MapLayout {
  const { batch, heads, queryLength, keyLength, queryOffset, keyOffset, extraKeys, allowed, queryKeep } = maps;
  const mask: AllowedKeys = { data: allowed.data.slice(), shape: [...allowed.shape] };
  const sizes = { batch, heads, queryLength, keyLength, queryOffset, keyOffset };
  return { ...sizes, extraKeys: [...extraKeys], allowed: mask, queryKeep: queryKeep.slice() };
}

/**
 * Weights in 8 bits: 255 · w / (the largest of the row), rounded up or down such that the codes of a row sum to the rounded sum.
 * So a row of any length, divided by the sum of its codes, is within 1/255 of its weights; equal weights stay equal.
 */
export function encodeMaps(maps: AttentionMaps): MapCodes {
  const columns = columnsOf(maps);
  const codes = new Uint8Array(maps.batch * maps.heads * maps.queryLength * columns);
  eachRow(maps, (batch, head, query, row) => {
    codes.set(encodeRow(weightsOf(maps, batch, head, query)), row * columns);
  });
  return codes;
}

/** The maps of codes; every row that has a key sums to 1 again, extra keys included. */
export function decodeMaps(layout: MapLayout, codes: MapCodes): AttentionMaps {
  const { batch, heads, queryLength, keyLength, queryOffset, keyOffset, extraKeys, allowed: mask, queryKeep } = layout;
  const [columns, learnedKey] = [columnsOf(layout), extraKeys.includes("learnedKey")];
  const width = keyLength + Number(learnedKey);
  const weights = new Float32Array(batch * heads * queryLength * width);
  eachRow(layout, (_batch, _head, _query, row) => {
    const rowCodes = codes.subarray(row * columns, (row + 1) * columns);
    const sum = Math.max(1, sumOf(rowCodes));
    for (let key = 0; key < width; key++) weights[row * width + key] = rowCodes[key]! / sum;
  });
  const options = { mask, queryKeep, queryOffset, keyOffset, learnedKey, sink: extraKeys.includes("sink") };
  return attentionMaps(weights, [batch, heads, queryLength, width], options);
}

function sumOf(codes: ArrayLike<number>): number {
  let sum = 0;
  for (let at = 0; at < codes.length; at++) sum += codes[at]!;
  return sum;
}

export function eachRow(
  { batch: batches, heads, queryLength }: Pick<MapLayout, "batch" | "heads" | "queryLength">,
  visit: (batch: number, head: number, query: number, row: number) => void,
): void {
  let row = 0;
  for (let batch = 0; batch < batches; batch++) {
    for (let head = 0; head < heads; head++) {
      for (let query = 0; query < queryLength; query++) visit(batch, head, query, row++);
    }
  }
}

/** A row with its extra keys; 0 where the mask forbids a key, and everywhere for a padded query. */
function weightsOf(maps: AttentionMaps, batch: number, head: number, query: number): Float64Array {
  const { weights, allowed, keyLength, extraKeys, extraWeights } = maps;
  const row = new Float64Array(columnsOf(maps));
  if (maps.queryKeep[batch * maps.queryLength + query] === 0) return row;
  const [index, cells] = [rowIndex(maps, batch, head, query), rowStart(allowed, batch, head, query)];
  for (let key = 0; key < keyLength; key++) if (allowed.data[cells + key] !== 0) row[key] = weights[index * keyLength + key]!;
  for (let extra = 0; extra < extraKeys.length; extra++) row[keyLength + extra] = extraWeights[index * extraKeys.length + extra]!;
  return row;
}

function encodeRow(weights: Float64Array): Uint8Array {
  const largest = weights.reduce((most, weight) => Math.max(most, weight), 0);
  const codes = new Uint8Array(weights.length);
  if (largest === 0) return codes;
  const scaled = weights.map((weight) => 255 * (weight / largest));
  for (let at = 0; at < codes.length; at++) codes[at] = Math.floor(scaled[at]!);
  const missing = Math.round(sumOf(scaled)) - sumOf(codes);
  const byRemainder = [...codes.keys()].toSorted((a, b) => scaled[b]! - codes[b]! - (scaled[a]! - codes[a]!) || a - b);
  for (const at of byRemainder.slice(0, missing)) codes[at]!++;
  return codes;
}
