import { describeValue, refuse, ShapeError, ValueError } from "@tfblocks/tensor-utils";
import type { HeadMap } from "../head-map.js";
import type { ReportMetric } from "../report/report.js";
import type { MapFile } from "./map-file.js";

const operation = "fromJson";
type Fields = Readonly<Record<string, unknown>>;

/**
 * Reads a map that {@link toJson} wrote. The text may come from anywhere: everything in it is checked, and fields that are
 * not of the format are dropped.
 *
 * @throws ShapeError when rows differ in length, or mask or tokens do not fit the attention
 * @throws ValueError when the text is not JSON, has another version, or a field has the wrong type
 */
export function fromJson(text: string): MapFile {
  const file = fields("text", parsed(text));
  if (file["version"] !== 1) refuse(ValueError, operation, "version", "1", describeValue(file["version"]));
  const map = readMap(file);
  const tokens = fields("tokens", file["tokens"] ?? {});
  const [model, layer] = (["model", "layer"] as const).map((name) => optional(name, file[name], isText, "a string"));
  const head = optional("head", file["head"], isIndex, "an integer >= 0");
  const rowTokens = readTokens("tokens.rows", tokens["rows"], map.rows);
  const columnTokens = readTokens("tokens.columns", tokens["columns"], map.columns);
  return { map, model, layer, head, rowTokens, columnTokens, metrics: readMetrics(file["metrics"] ?? []) };
}

function parsed(text: string): unknown {
  if (typeof text !== "string") refuse(ValueError, operation, "text", "a string", describeValue(text));
  try {
    return JSON.parse(text);
  } catch {
    return refuse(ValueError, operation, "text", "JSON", describeValue(text));
  }
}

function readMap(file: Fields): HeadMap {
  const attention = matrix("attention", file["attention"]);
  const [rows, columns] = [attention.length, attention[0]!.length];
  const weights = new Float64Array(rows * columns);
  const allowed = file["mask"] === null || file["mask"] === undefined ? null : readMask(file["mask"], rows, columns);
  attention.flat().forEach((weight, cell) => {
    // A masked cell is never read.
    if (allowed !== null && allowed[cell] === 0) return;

    weights[cell] = required(`attention[${Math.floor(cell / columns)}][${cell % columns}]`, weight, isNumber, "a finite number");
  });
  return { weights, allowed, rows, columns };
}

function readMask(value: unknown, rows: number, columns: number): Uint8Array {
  const mask = matrix("mask", value);
  checkCount("mask", mask.length, rows);
  checkCount("mask[0]", mask[0]!.length, columns);
  return Uint8Array.from(mask.flat(), (flag) => required("mask", flag, isFlag, "0 or 1"));
}

/** A matrix: at least one row and one column, every row of the same length. */
function matrix(place: string, value: unknown): readonly (readonly unknown[])[] {
  const rows = list(place, value).map((row, index) => list(`${place}[${index}]`, row));
  const columns = rows[0]?.length ?? 0;
  if (columns === 0) refuse(ShapeError, operation, place, "at least one row and one column", describeValue(value));
  rows.forEach((row, index) => checkCount(`${place}[${index}]`, row.length, columns));
  return rows;
}

function readTokens(place: string, value: unknown, count: number): string[] | undefined {
  if (value === null || value === undefined) return undefined;
  const tokens = list(place, value).map((token, index) => required(`${place}[${index}]`, token, isText, "a string"));
  checkCount(place, tokens.length, count);
  return tokens;
}

function readMetrics(value: unknown): ReportMetric[] {
  return list("metrics", value).map((item, index) => {
    const metric = fields(`metrics[${index}]`, item);
    const number = (name: string): number | null =>
      optional(`metrics[${index}].${name}`, metric[name], isNumber, "a finite number or null") ?? null;
    const name = required(`metrics[${index}].name`, metric["name"], isText, "a string");
    return { name, score: number("score"), nullScore: number("nullScore"), lift: number("lift") };
  });
}

const isText = (value: unknown): value is string => typeof value === "string";
const isNumber = (value: unknown): value is number => Number.isFinite(value);
const isIndex = (value: unknown): value is number => Number.isInteger(value) && Number(value) >= 0;
const isFlag = (value: unknown): value is 0 | 1 => value === 0 || value === 1;

function required<Value>(place: string, value: unknown, isRight: (value: unknown) => value is Value, expected: string): Value {
  return isRight(value) ? value : refuse(ValueError, operation, place, expected, describeValue(value));
}

function optional<Value>(place: string, value: unknown, isRight: (value: unknown) => value is Value, expected: string): Value | undefined {
  return value === null || value === undefined ? undefined : required(place, value, isRight, expected);
}

function list(place: string, value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : refuse(ValueError, operation, place, "an array", describeValue(value));
}

function fields(place: string, value: unknown): Fields {
  if (typeof value === "object" && value !== null && !Array.isArray(value)) return value as Fields;
  return refuse(ValueError, operation, place, "an object", describeValue(value));
}

function checkCount(place: string, count: number, expected: number): void {
  if (count !== expected) refuse(ShapeError, operation, place, `${expected} entries`, count);
}
