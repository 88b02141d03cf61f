import { checkInteger, checkObject, describeValue, refuse, ShapeError, ValueError } from "@tfblocks/tensor-utils";
import { headIndices } from "../maps/row-scores.js";
import type { AttentionMaps } from "../maps/attention-maps.js";
import { rowIndex } from "../maps/row-index.js";
import { rowStart } from "../maps/allowed-keys.js";

/**
 * The attention of one head as a picture shows it: row i attends to column j. Plain data; the arrays are borrowed. In data
 * that goes through JSON, they must be plain arrays, because JSON turns typed arrays into objects.
 */
export interface HeadMap {
  /** `[rows, columns]`, row-major: weights from 0 to 1. Masked cells are never read. */
  readonly weights: ArrayLike<number>;
  /** `[rows, columns]`: 0 = masked, anything else = may attend; `null` when every cell is allowed. */
  readonly allowed: ArrayLike<number> | null;
  /** The number of queries. */
  readonly rows: number;
  /** The number of keys. */
  readonly columns: number;
}

/** A weight may leave 0 to 1 by this much, as rounding makes it. */
const tolerance = 1e-3;

/**
 * One head of attention maps, as the pictures take it.
 *
 * @param head index of the head
 * @param batch index of the sequence; default 0
 * @returns a copy of the head's weights and mask
 * @throws ValueError when `head` or `batch` is not an index of the maps
 */
export function headMap(maps: AttentionMaps, head: number, batch = 0): HeadMap {
  headIndices("headMap", maps);
  checkInteger("headMap", "head", head, 0, maps.heads - 1);
  checkInteger("headMap", "batch", batch, 0, maps.batch - 1);
  const { queryLength: rows, keyLength: columns } = maps;
  const start = rowIndex(maps, batch, head, 0) * columns;
  const maskStart = rowStart(maps.allowed, batch, head, 0);
  return {
    weights: copyOf(maps.weights, start, start + rows * columns),
    allowed: maps.allowed.data.slice(maskStart, maskStart + rows * columns),
    rows,
    columns,
  };
}

function copyOf(weights: ArrayLike<number>, start: number, end: number): Float32Array {
  if (weights instanceof Float32Array) return weights.slice(start, end);
  return Float32Array.from({ length: end - start }, (_, cell) => weights[start + cell]!);
}

/** Whether a cell is allowed. */
export function isAllowed({ allowed }: HeadMap, cell: number): boolean {
  return allowed === null || allowed[cell] !== 0;
}

/** Whether a map has a masked cell. */
export function hasMaskedCells(map: HeadMap): boolean {
  for (let cell = 0; cell < map.rows * map.columns; cell++) if (!isAllowed(map, cell)) return true;
  return false;
}

/** The range of weights that a map may contain, for {@link checkMap}. */
export type WeightRange = "weights" | "signed";

/**
 * Checks a map.
 *
 * @param place what stands before the names of the map's fields in a message, for example `"report.map."`
 * @param range `"weights"` for numbers from 0 to 1, `"signed"` for any finite numbers
 * @throws ShapeError when `weights` or `allowed` does not have rows × columns entries
 * @throws ValueError when a size is not a positive integer, or an allowed cell has a number outside the range
 */
export function checkMap(operation: string, map: HeadMap, range: WeightRange = "weights", place = ""): HeadMap {
  const { weights, allowed, rows, columns } = checkObject(operation, place === "" ? "map" : place.slice(0, -1), map);
  if (rows === undefined && columns === undefined) refuseNoMap(operation, place === "" ? "map" : place.slice(0, -1), map);
  checkInteger(operation, `${place}rows`, rows, 1, 65_535);
  checkInteger(operation, `${place}columns`, columns, 1, 65_535);
  checkCells(operation, `${place}weights`, weights, rows, columns);
  const advice = allowed === undefined ? "pass null when every cell is allowed" : undefined;
  if (allowed !== null) checkCells(operation, `${place}allowed`, allowed, rows, columns, advice);
  const unclear = allowed === null ? -1 : firstUnclear(allowed);
  if (unclear >= 0) refuse(ValueError, operation, `${place}allowed[${unclear}]`, "0 or another number", describeValue(allowed![unclear]));
  const wrong = firstWrong(map, range);
  if (wrong === undefined) return map;
  const argument = `${place}weights[${Math.floor(wrong / columns)}, ${wrong % columns}]`;
  return refuse(
    ValueError,
    operation,
    argument,
    range === "weights" ? "a number from 0 to 1" : "a finite number",
    describeValue(weights[wrong]),
  );
}

/** The first cell of a mask that is not a number: `false` would not count as masked. */
function firstUnclear(allowed: ArrayLike<unknown>): number {
  if (ArrayBuffer.isView(allowed)) return -1;
  for (let cell = 0; cell < allowed.length; cell++) if (typeof allowed[cell] !== "number") return cell;
  return -1;
}

/** The first allowed cell with something else than a number in the range. */
function firstWrong({ weights, allowed, rows, columns }: HeadMap, range: WeightRange): number | undefined {
  const [min, max] = range === "weights" ? [-tolerance, 1 + tolerance] : [-Number.MAX_VALUE, Number.MAX_VALUE];
  for (let cell = 0; cell < rows * columns; cell++) {
    if (allowed !== null && allowed[cell] === 0) continue;
    const weight: unknown = weights[cell];
    if (typeof weight !== "number" || !(weight >= min && weight <= max)) return cell;
  }
  return undefined;
}

function refuseNoMap(operation: string, argument: string, map: object): never {
  const advice = "rowSums" in map ? "take one head of attention maps with headMap(maps, head)" : undefined;
  return refuse(ValueError, operation, argument, "a map { weights, allowed, rows, columns }", describeValue(map), advice);
}

function checkCells(operation: string, argument: string, cells: unknown, rows: number, columns: number, advice?: string): void {
  const length = typeof cells === "object" && cells !== null && "length" in cells ? cells.length : undefined;
  if (length === rows * columns) return;
  refuse(ShapeError, operation, argument, `${rows * columns} numbers for [${rows}, ${columns}]`, describeValue(cells), advice);
}
