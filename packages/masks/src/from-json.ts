import { ArgumentError, describeValue, refuse, ValueError } from "@tfblocks/tensor-utils";
import { blockPattern } from "./atoms/block-pattern.js";
import { causal } from "./atoms/causal.js";
import { chunked } from "./atoms/chunked.js";
import { full, none } from "./atoms/constant.js";
import { documents, packed } from "./atoms/documents.js";
import { fromTensorJSON } from "./atoms/from-tensor.js";
import { padding } from "./atoms/padding.js";
import { prefixLM } from "./atoms/prefix-lm.js";
import { lastN, slidingWindow } from "./atoms/sliding-window.js";
import { and, not, or } from "./combinators.js";
import type { Mask } from "./mask.js";

const maxDepth = 64;
const maxValues = 2 ** 24;

// Each builder checks its own arguments, so fields can have any type here.
type Fields = Record<string, any>;
type Decoder = readonly [fields: readonly string[], build: (fields: Fields, path: string) => Mask];

const byOptions = (build: (options: any) => Mask, ...fields: string[]): Decoder => [fields, build];
const byValue = (build: (value: any) => Mask, field: string): Decoder => [[field], (fields) => build(fields[field])];

const decoders = new Map<unknown, Decoder>([
  ["full", byOptions(full)],
  ["none", byOptions(none)],
  ["causal", byOptions(causal, "offset")],
  ["slidingWindow", [["left", "right"], ({ left, right }) => slidingWindow({ left: distance(left), right: distance(right) })]],
  ["lastN", byValue(lastN, "n")],
  ["prefixLM", byValue(prefixLM, "prefixLength")],
  ["packed", byValue(packed, "lengths")],
  ["documents", byValue(documents, "ids")],
  ["chunked", byValue(chunked, "size")],
  ["blockPattern", byOptions(blockPattern, "blockSize", "pattern")],
  ["fromTensor", byOptions(fromTensorJSON, "kind", "shape", "queryOffset", "keyOffset", "values")],
  ["and", [["masks"], ({ masks }, path) => and(...decodeAll(masks, path))]],
  ["or", [["masks"], ({ masks }, path) => or(...decodeAll(masks, path))]],
  ["not", [["mask"], ({ mask }, path) => not(decode(mask, `${path}.mask`))]],
]);

/**
 * The mask of a description by `toJSON`. The value need not be trusted: only plain objects and arrays with known names and
 * types are read, up to 64 levels deep and 16777216 values in total.
 *
 * @throws ValueError that names the path of the invalid value
 */
export function fromJSON(value: unknown): Mask {
  checkPlain(value, "$", 0, { values: 0 });
  return decode(value, "$");
}

function decode(value: unknown, path: string): Mask {
  if (typeof value !== "object" || value === null || Array.isArray(value)) reject(path, "a mask object", describeValue(value));
  const fields = Object.assign(Object.create(null), value) as Fields; // own properties only
  const [names, build] =
    fields.type === "padding" ? byOptions(padding, "lengths" in fields ? "lengths" : "keep") : (decoders.get(fields.type) ?? []);
  if (!names || !build) reject(`${path}.type`, "the name of a mask", describeValue(fields.type));
  const given = Object.keys(fields).toSorted().join(", ");
  const expected = ["type", ...names].toSorted().join(", ");
  if (given !== expected) reject(path, `of the fields ${expected}`, describeValue(given));
  const { type: _type, ...own } = fields;
  return located(path, () => build(own, path));
}

function decodeAll(masks: unknown, path: string): Mask[] {
  if (!Array.isArray(masks)) reject(`${path}.masks`, "an array", describeValue(masks));
  return masks.map((mask, index) => decode(mask, `${path}.masks[${index}]`));
}

function distance(value: unknown): number {
  return value === "Infinity" ? Infinity : (value as number);
}

/** Turns an error about the argument of a builder into an error about the JSON. */
function located(path: string, build: () => Mask): Mask {
  try {
    return build();
  } catch (error) {
    if (!(error instanceof ArgumentError) || error.operation === "fromJSON") throw error;
    return reject(`${path}.${error.argument}`, error.expected, error.received);
  }
}

/** Checks, before anything is built, that a value could come from JSON.parse and is within the limits. */
function checkPlain(value: unknown, path: string, depth: number, seen: { values: number }): void {
  if (typeof value !== "object" || value === null) return;
  if (depth > maxDepth) reject(path, `at most ${maxDepth} levels deep`, "more");
  const prototype: unknown = Object.getPrototypeOf(value);
  if (!Array.isArray(value) && prototype !== Object.prototype && prototype !== null) {
    reject(path, "a plain object or array", "something else");
  }
  const keys = Array.isArray(value) ? value.length : Object.keys(value).length;
  if ((seen.values += 1 + keys) > maxValues) reject("$", `of at most ${maxValues} values`, "more");
  for (const [key, item] of Object.entries(value)) {
    if (typeof item === "object") checkPlain(item, Array.isArray(value) ? `${path}[${key}]` : `${path}.${key}`, depth + 1, seen);
  }
}

function reject(argument: string, expected: string, received: string): never {
  return refuse(ValueError, "fromJSON", argument, expected, received);
}
