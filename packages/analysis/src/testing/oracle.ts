import { type Case, isRead } from "./map-cases.js";

/** What a metric averages over the rows of one head: numerators and denominators, row by row, straight from the definitions. */
type OracleRow = (row: number[], query: number, batch: number, head: number) => number | null;

/** Probabilities of a row over all keys, then the extra keys; null when the row is not used. */
function oracleRow(sample: Case, batch: number, head: number, query: number, minKeys: number): number[] | null {
  const [, heads, queryLength, keyLength] = sample.shape;
  const index = (batch * heads + head) * queryLength + query;
  const extras = sample.extraKeys.length;
  const isOpen = (key: number) => isRead(sample, index * keyLength + key);
  if (sample.queryKeep[batch * queryLength + query] === 0) return null;
  let count = extras;
  for (let key = 0; key < keyLength; key++) if (isOpen(key)) count++;
  if (count < minKeys || count === 0) return null;
  const row: number[] = [];
  for (let key = 0; key < keyLength; key++) row.push(isOpen(key) ? sample.weights[index * keyLength + key]! : 0);
  for (let extra = 0; extra < extras; extra++) row.push(sample.extraWeights[index * extras + extra]!);
  return row;
}

/** Whether the mask lets a query attend to a key. */
export function mayAttend({ shape, maskHeads, allowed }: Case, batch: number, head: number, query: number, key: number): boolean {
  const maskHead = maskHeads === 1 ? 0 : head;
  return allowed[((batch * maskHeads + maskHead) * shape[2] + query) * shape[3] + key] === 1;
}

/** The mean over the rows of a head that are used and defined. */
export function oracleMean(sample: Case, head: number, minKeys: number, measure: OracleRow): number | null {
  let [sum, count] = [0, 0];
  for (let batch = 0; batch < sample.shape[0]; batch++) {
    for (let query = 0; query < sample.shape[2]; query++) {
      const row = oracleRow(sample, batch, head, query, minKeys);
      const value = row === null ? null : measure(row, query, batch, head);
      if (value === null) continue;
      sum += value;
      count++;
    }
  }
  return count === 0 ? null : sum / count;
}

/** Vig and Belinkov's sums over the queries that every input can use. */
export function oracleContentDependence(sample: Case, head: number, minKeys: number, firstKey: number): number | null {
  const [batch, , queryLength] = sample.shape;
  let [spread, mass] = [0, 0];
  if (batch < 2) return null;
  for (let query = 0; query < queryLength; query++) {
    const rows: number[][] = [];
    for (let input = 0; input < batch; input++) rows.push(oracleRow(sample, input, head, query, minKeys) ?? []);
    if (rows.some((row) => row.length === 0)) continue;
    for (let key = firstKey; key < rows[0]!.length; key++) {
      let mean = 0;
      for (const row of rows) mean += row[key]! / batch;
      for (const row of rows) {
        spread += Math.abs(row[key]! - mean);
        mass += row[key]!;
      }
    }
  }
  return mass === 0 ? null : spread / (2 * mass);
}
