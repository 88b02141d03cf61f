import { describeValue, refuse, ShapeError, ValueError } from "@tfblocks/tensor-utils";
import { readBase64 } from "../../base64.js";

export type Fields = Readonly<Record<string, unknown>>;

const operation = "TrainingTrack.fromJSON";

/** @throws ValueError that names the place, as all functions here */
export function readFields(place: string, value: unknown): Fields {
  if (typeof value === "object" && value !== null && !Array.isArray(value)) return value as Fields;
  return refuseData(place, "an object", value);
}

export function readList(place: string, value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : refuseData(place, "an array", value);
}

export function readText(place: string, value: unknown): string {
  return typeof value === "string" ? value : refuseData(place, "a string", value);
}

export function readInteger(place: string, value: unknown, min: number): number {
  return Number.isSafeInteger(value) && Number(value) >= min ? Number(value) : refuseData(place, `an integer >= ${min}`, value);
}

export function readNumberOrNull(place: string, value: unknown): number | null {
  return value === null || (typeof value === "number" && Number.isFinite(value))
    ? value
    : refuseData(place, "a finite number or null", value);
}

/** Four sizes, each at least 1. */
export function readShape(place: string, value: unknown): [number, number, number, number] {
  const [batch, heads, queryLength, keyLength, ...more] = readList(place, value).map((size) => readInteger(place, size, 1));
  if (keyLength === undefined || more.length > 0) refuseData(place, "four sizes", value);
  return [batch!, heads!, queryLength!, keyLength];
}

/** So many bytes, in base64. */
export function readBytes(place: string, value: unknown, count: number): Uint8Array {
  const text = readText(place, value);
  const expected = 4 * Math.ceil(count / 3);
  if (text.length !== expected) refuse(ShapeError, operation, place, `base64 of ${count} bytes, ${expected} characters`, text.length);
  const bytes = readBase64(text);
  return bytes?.length === count ? bytes : refuseText(place, `base64 of ${count} bytes`, "other text");
}

export function refuseData(place: string, expected: string, received: unknown): never {
  return refuseText(place, expected, describeValue(received));
}

/** @param received in words */
export function refuseText(place: string, expected: string, received: string): never {
  return refuse(ValueError, operation, place, expected, received);
}
