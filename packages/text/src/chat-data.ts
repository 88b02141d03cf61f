import { describeValue, refuse, ValueError } from "@tfblocks/tensor-utils";
import { type Dict, Float, type Value } from "./jinja/values.js";

const maxDepth = 100;

/**
 * JSON data as values of a template. Only an object's own properties count, so that no prototype is ever read.
 *
 * @param argument where the data is from, for the error
 * @throws ValueError that names the first part that is not JSON
 */
export function templateValue(operation: string, argument: string, data: unknown, depth = 0): Value {
  if (depth > maxDepth) refuse(ValueError, operation, argument, `nested at most ${maxDepth} deep`, "more, or data that contains itself");
  if (data === null || typeof data === "string" || typeof data === "boolean") return data;
  if (typeof data === "number" && Number.isFinite(data)) return Number.isSafeInteger(data) ? data : new Float(data);
  if (Array.isArray(data)) return data.map((item, at) => templateValue(operation, `${argument}[${at}]`, item, depth + 1));
  if (isObject(data)) return templateDict(operation, argument, data, depth);
  return refuse(ValueError, operation, argument, "JSON: text, a finite number, a boolean, null, a list or an object", describeValue(data));
}

/** As `templateValue`; properties that are undefined are left out, as in JSON. */
export function templateDict(operation: string, argument: string, data: object, depth = 0): Dict {
  const entries = Object.entries(data).filter(([, value]) => value !== undefined);
  return new Map(entries.map(([name, value]) => [name, templateValue(operation, `${argument}.${name}`, value, depth + 1)]));
}

export function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && Object.prototype.toString.call(value) === "[object Object]";
}
