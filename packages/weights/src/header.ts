import { dtypeBits, type SafetensorsDType } from "./dtypes.js";
import { refuseFile } from "./safetensors-error.js";
import { type Json, NumberLiteral, parseJson, short } from "./strict-json.js";

/** The largest header in bytes, as in Python's reader. */
export const maxHeaderBytes = 100_000_000;

/** The entry of one tensor in a header. */
export interface TensorInfo {
  readonly dtype: SafetensorsDType;
  readonly shape: readonly number[];
  /** The first byte of the data and the one after the last, counted from the end of the header. */
  readonly offsets: readonly [begin: number, end: number];
}

/** A header that follows every rule of the format. */
export interface Header {
  readonly metadata: ReadonlyMap<string, string>;
  /** In the order of the data. */
  readonly tensors: ReadonlyMap<string, TensorInfo>;
}

/**
 * Parses a header strictly: a JSON object of known dtypes and integer sizes, whose tensors follow each other without
 * holes or overlaps from the first byte of the data to the last.
 *
 * @param bytes of the header, without its length
 * @param dataBytes the number of bytes that follow it
 * @throws SafetensorsError
 */
export function parseHeader(bytes: Uint8Array, dataBytes: number): Header {
  if (bytes[0] !== 0x7b) refuseFile("json", "header", 'JSON that starts with "{"', bytes.length === 0 ? "nothing" : "something else");
  const entries = new Map(parseJson("header", bytes) as ReadonlyMap<string, Json>);
  const metadata = parseMetadata(entries.get("__metadata__"));
  entries.delete("__metadata__");
  const tensors = [...entries].map(([name, entry]): [string, TensorInfo] => [name, parseEntry(`tensor ${quoted(name)}`, entry)]);
  return { metadata, tensors: contiguous(tensors, dataBytes) };
}

function parseMetadata(value: Json | undefined): ReadonlyMap<string, string> {
  if (value === undefined) return new Map();
  if (!isObject(value) || [...value.values()].some((each) => typeof each !== "string")) {
    refuseFile("header", "__metadata__", "an object of strings", isObject(value) ? "other values" : described(value));
  }
  return value as ReadonlyMap<string, string>;
}

function parseEntry(argument: string, value: Json): TensorInfo {
  const names = isObject(value) ? [...value.keys()].toSorted().join(", ") : described(value);
  if (!isObject(value) || names !== "data_offsets, dtype, shape") {
    return refuseFile("header", argument, "an object of dtype, shape and data_offsets", short(names) || "none of them");
  }
  const dtype = parseDtype(argument, value.get("dtype")!);
  const shape = parseIntegers(`shape of ${argument}`, value.get("shape")!);
  const offsets = parseOffsets(`data_offsets of ${argument}`, value.get("data_offsets")!);
  checkSize(argument, dtype, shape, offsets);
  return { dtype, shape, offsets };
}

function parseDtype(argument: string, value: Json): SafetensorsDType {
  if (typeof value !== "string") refuseFile("header", `dtype of ${argument}`, "a string", described(value));
  if (!dtypeBits.has(value as SafetensorsDType)) refuseFile("dtype", `dtype of ${argument}`, "a dtype of the format", quoted(value));
  return value as SafetensorsDType;
}

function parseOffsets(argument: string, value: Json): [number, number] {
  const offsets = parseIntegers(argument, value);
  const [begin, end] = offsets;
  if (offsets.length === 2 && begin! <= end!) return [begin!, end!];
  return refuseFile("header", argument, "[begin, end] with begin <= end", `[${short(offsets.join(", "))}]`);
}

function parseIntegers(argument: string, value: Json): number[] {
  if (!Array.isArray(value)) refuseFile("header", argument, "an array of integers", described(value));
  return (value as readonly Json[]).map((each) => {
    const size = each instanceof NumberLiteral && /^(0|[1-9]\d*)$/.test(each.text) ? Number(each.text) : Number.NaN;
    return Number.isSafeInteger(size) ? size : refuseFile("header", argument, "of integers from 0 to 2^53 - 1", described(each));
  });
}

/** In big integers, because a product of sizes may exceed 2^53 and could otherwise wrap to the expected value. */
function checkSize(argument: string, dtype: SafetensorsDType, shape: readonly number[], [begin, end]: readonly [number, number]): void {
  const bits = BigInt(dtypeBits.get(dtype)!) * product(argument, shape);
  if (bits === BigInt(end - begin) * 8n) return;
  refuseFile(
    "size",
    argument,
    `of the size that ${dtype} [${short(shape.join(", "))}] takes, ${Number(bits) / 8} bytes`,
    `${end - begin} bytes`,
  );
}

/** A product over 64 bits is refused at the factor that exceeds them, even if a 0 follows, as in Python's reader. */
function product(argument: string, shape: readonly number[]): bigint {
  let count = 1n;
  for (const size of shape) {
    count *= BigInt(size);
    if (count >= 1n << 64n) refuseFile("size", argument, "of fewer than 2^64 elements", `[${short(shape.join(", "))}]`);
  }
  return count;
}

function contiguous(tensors: [string, TensorInfo][], dataBytes: number): ReadonlyMap<string, TensorInfo> {
  const ordered = tensors.toSorted(([, { offsets: a }], [, { offsets: b }]) => a[0] - b[0] || a[1] - b[1]);
  let end = 0;
  for (const [name, { offsets }] of ordered) {
    if (offsets[0] !== end) {
      refuseFile("layout", `tensor ${quoted(name)}`, `at byte ${end}, where the one before it ends`, `byte ${offsets[0]}`);
    }
    end = offsets[1];
  }
  if (end > dataBytes) refuseFile("truncated", "file", `of ${end} bytes after its header`, `${dataBytes} bytes`);
  if (end < dataBytes) refuseFile("layout", "file", `of ${end} bytes after its header, where the last tensor ends`, `${dataBytes} bytes`);
  return new Map(ordered);
}

export function isObject(value: Json | undefined): value is ReadonlyMap<string, Json> {
  return value instanceof Map;
}

/** A JSON value as error messages show it. */
function described(value: Json): string {
  if (value instanceof NumberLiteral) return short(value.text);
  if (typeof value === "string") return quoted(value);
  if (isObject(value)) return "an object";
  return Array.isArray(value) ? "an array" : String(value as boolean | null);
}

export function quoted(name: string): string {
  return JSON.stringify(short(name));
}
