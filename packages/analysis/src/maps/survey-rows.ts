import { describeValue, refuse, ValueError } from "@tfblocks/tensor-utils";
import { rowStart } from "./allowed-keys.js";
import type { AttentionMaps } from "./attention-maps.js";
import { rowIndex } from "./row-index.js";
import { type RowKeys, RowKeysReader } from "./rows.js";

/** What a row must satisfy besides its mask. */
export interface RowRules {
  /** `[batch, heads, queryLength]`: the weights of the learned key; undefined without one. */
  readonly learned: Float64Array | undefined;
  /** How far the sum of a row may be from 1; metrics divide each row by its sum. */
  readonly tolerance: number;
}

interface Place {
  readonly batch: number;
  readonly head: number;
  readonly query: number;
}

/** Counts the keys of every row, and sums the rows that metrics read; fills `keyCounts`, `rowSums` and `extraWeights`. */
export function surveyRows(operation: string, maps: AttentionMaps, rules: RowRules): void {
  const keys = new RowKeysReader(maps);
  for (let batch = 0; batch < maps.batch; batch++) {
    for (let query = 0; query < maps.queryLength; query++) {
      for (let head = 0; head < maps.heads; head++) {
        surveyRow(operation, maps, { batch, head, query }, keys.read(batch, head, query), rules);
      }
    }
  }
}

function surveyRow(operation: string, maps: AttentionMaps, place: Place, keys: RowKeys, { learned, tolerance }: RowRules): void {
  const row = rowIndex(maps, place.batch, place.head, place.query);
  const keyCount = keys.count + maps.extraKeys.length;
  maps.keyCounts[row] = keyCount;
  if (maps.queryKeep[place.batch * maps.queryLength + place.query] === 0 || keyCount === 0) return;
  const extra = learned === undefined ? [] : [checkedWeight(operation, place, learned[row]!)];
  const sum = sumOfAllowed(operation, maps, place, keys) + (extra[0] ?? 0);
  const hasSink = maps.extraKeys.includes("sink");
  checkSum(operation, place, sum, hasSink, tolerance);
  if (hasSink) {
    checkOutsideMask(operation, maps, place, tolerance);
    extra.push(Math.max(0, 1 - sum));
  }
  maps.extraWeights.set(extra, row * extra.length);
  maps.rowSums[row] = hasSink ? Math.max(1, sum) : sum;
}

function sumOfAllowed(operation: string, maps: AttentionMaps, place: Place, { allowed, keyEnd }: RowKeys): number {
  const { weights, keyLength } = maps;
  const first = rowIndex(maps, place.batch, place.head, place.query) * keyLength;
  let sum = 0;
  for (let key = 0; key < keyEnd; key++) {
    if (allowed[key] !== 0) sum += checkedWeight(operation, place, weights[first + key]!);
  }
  return sum;
}

function checkedWeight(operation: string, place: Place, weight: number): number {
  if (typeof weight === "number" && weight >= 0 && weight < Infinity) return weight;
  const received = typeof weight === "number" ? `${weight}` : describeValue(weight);
  return refuseRow(operation, place, "finite and not negative", received, "pass weights after softmax");
}

function checkSum(operation: string, place: Place, sum: number, hasSink: boolean, tolerance: number): void {
  if (sum <= 1 + tolerance && (hasSink || sum >= 1 - tolerance)) return;
  const expected = `rows that sum to ${hasSink ? "at most " : ""}1 ± ${tolerance} over their allowed keys`;
  const advice =
    "pass weights after softmax and before dropout, with the mask (true = may attend) that they were computed under" +
    (sum < 1 ? ", and sink: true if the softmax had a sink" : "");
  refuseRow(operation, place, expected, `a sum of ${Number(sum.toPrecision(6))}`, advice);
}

/** With a sink the sum of a row does not tell that the mask is a wrong one, but weights outside the mask do. */
function checkOutsideMask(operation: string, maps: AttentionMaps, place: Place, tolerance: number): void {
  const { weights, allowed, keyLength } = maps;
  const cells = rowStart(allowed, place.batch, place.head, place.query);
  const first = rowIndex(maps, place.batch, place.head, place.query) * keyLength;
  let outside = 0;
  for (let key = 0; key < keyLength; key++) if (allowed.data[cells + key] === 0) outside += Math.abs(weights[first + key]!);
  if (!(outside > tolerance)) return;
  const received = `a sum of ${Number(outside.toPrecision(6))}`;
  refuseRow(operation, place, "0 outside the mask", received, "pass the mask (true = may attend) that they were computed under");
}

function refuseRow(operation: string, { batch, head, query }: Place, expected: string, received: string, advice: string): never {
  return refuse(ValueError, operation, "weights", expected, `${received} in batch ${batch}, head ${head}, row ${query}`, advice);
}
