import type { Cell } from "./cell.js";
import type { HeatMapData } from "./draw-heat-map.js";
import { describeToken, formatNumber } from "./format.js";

/** A cell of a map of weights, within its row. */
export interface MapCell {
  readonly weight: number;
  readonly allowed: boolean;
  /** 1 = the strongest key of the row. */
  readonly rank: number;
  /** Number of keys that the query may attend to. */
  readonly allowedKeys: number;
}

export function isAllowed({ allowed, columns }: HeatMapData, { query, key }: Cell): boolean {
  return allowed === undefined || allowed[query * columns + key] !== 0;
}

/** Reads a cell of a map. */
export function readMapCell(data: HeatMapData, cell: Cell): MapCell {
  const start = cell.query * data.columns;
  const weight = data.values[start + cell.key]!;
  let [rank, allowedKeys] = [1, 0];
  for (let key = 0; key < data.columns; key++) {
    if (!isAllowed(data, { query: cell.query, key })) continue;
    allowedKeys += 1;
    if (data.values[start + key]! > weight) rank += 1;
  }
  return { weight, allowed: isAllowed(data, cell), rank, allowedKeys };
}

/** A key with its weight. */
export interface RankedKey {
  readonly key: number;
  readonly weight: number;
}

/** The strongest allowed keys of a query, strongest first; among equal weights, the earlier key first. */
export function topKeys(data: HeatMapData, query: number, count: number): RankedKey[] {
  const top: RankedKey[] = [];
  for (let key = 0; key < data.columns; key++) {
    const weight = data.values[query * data.columns + key]!;
    if (!isAllowed(data, { query, key }) || (top.length === count && weight <= top.at(-1)!.weight)) continue;
    const place = top.findIndex((other) => other.weight < weight);
    top.splice(place < 0 ? top.length : place, 0, { key, weight });
    top.length = Math.min(top.length, count);
  }
  return top;
}

/** The query that attends most to a key; undefined if none may. */
export function strongestQuery(data: HeatMapData, key: number): number | undefined {
  let [best, weight] = [-1, -Infinity];
  for (let query = 0; query < data.rows; query++) {
    const value = data.values[query * data.columns + key]!;
    if (isAllowed(data, { query, key }) && value > weight) [best, weight] = [query, value];
  }
  return best < 0 ? undefined : best;
}

/**
 * The allowed cell that is farthest above uniform attention, by w · ln(w · keys); undefined without a cell. The first column, where
 * heads rest, counts half.
 */
export function strongestCell(data: HeatMapData): Cell | undefined {
  let [best, most] = [-1, -Infinity];
  for (let query = 0; query < data.rows; query++) {
    const keys = countAllowed(data, query);
    for (let key = 0; key < data.columns; key++) {
      const weight = data.values[query * data.columns + key]!;
      if (!isAllowed(data, { query, key })) continue;
      const excess = (weight > 0 ? weight * Math.log(weight * keys) : 0) * (key === 0 ? 0.5 : 1);
      if (excess > most) [best, most] = [query * data.columns + key, excess];
    }
  }
  return best < 0 ? undefined : { query: Math.floor(best / data.columns), key: best % data.columns };
}

function countAllowed({ allowed, columns }: HeatMapData, query: number): number {
  if (allowed === undefined) return columns;
  let count = 0;
  for (let cell = query * columns; cell < (query + 1) * columns; cell++) if (allowed[cell] !== 0) count += 1;
  return count;
}

/** Tokens of both sides of a map. */
export interface MapTokens {
  readonly queryTokens: readonly string[];
  readonly keyTokens: readonly string[];
}

/** A cell in words, with the strongest keys of its row. */
export function describeMapCell(data: HeatMapData, { queryTokens, keyTokens }: MapTokens, cell: Cell, unit = "weight"): string {
  const { weight, allowed, rank, allowedKeys } = readMapCell(data, cell);
  const pair = `${describeToken(queryTokens[cell.query] ?? "", cell.query)} to ${describeToken(keyTokens[cell.key] ?? "", cell.key)}`;
  const numbers = allowed ? `${unit} ${formatNumber(weight)}, rank ${rank} of ${allowedKeys}` : "masked";
  const strongest = topKeys(data, cell.query, 3).map(
    (each) => `${describeToken(keyTokens[each.key] ?? "", each.key)} ${formatNumber(each.weight)}`,
  );
  const row = strongest.length === 0 ? "This query may not attend to any key" : `Strongest: ${strongest.join(", ")}`;
  return `${pair}: ${numbers}. ${row}.`;
}
