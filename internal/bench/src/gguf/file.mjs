import { closeSync, openSync, writeFileSync } from "node:fs";
import { bytesOf } from "./formats.mjs";

const version = 3;
const alignment = 32;

/** The types of metadata by their names, each its number and how a value is written. */
const types = {
  uint32: [4, (value) => bytes(4, (view) => view.setUint32(0, value, true))],
  int32: [5, (value) => bytes(4, (view) => view.setInt32(0, value, true))],
  float32: [6, (value) => bytes(4, (view) => view.setFloat32(0, value, true))],
  bool: [7, (value) => Buffer.of(value ? 1 : 0)],
  string: [8, text],
};
const arrayType = 9;

/**
 * Writes a GGUF file, version 3, one tensor after the other.
 *
 * @param metadata key -> `[type, value]`, where an array has one type for all values
 * @param tensors `{ name, shape, format, values }`: outermost dimension first, one of the formats, and a function that gives the numbers
 */
export function writeGguf(path, { metadata, tensors }) {
  const file = openSync(path, "w");
  try {
    writeFileSync(file, padded(header(metadata, tensors)));
    for (const { format, values } of tensors) writeFileSync(file, padded(format.encode(values())));
  } finally {
    closeSync(file);
  }
}

function header(metadata, tensors) {
  const entries = Object.entries(metadata);
  const parts = [Buffer.from("GGUF"), number(version), long(tensors.length), long(entries.length)];
  for (const [key, [type, value]] of entries) parts.push(text(key), valueOf(type, value));
  let offset = 0;
  for (const { name, shape, format } of tensors) {
    parts.push(text(name), number(shape.length), ...shape.toReversed().map(long), number(format.type), long(offset));
    offset += aligned(bytesOf(format, sizeOf(shape)));
  }
  return Buffer.concat(parts);
}

function valueOf(type, value) {
  const [code, write] = types[type];
  if (!Array.isArray(value)) return Buffer.concat([number(code), write(value)]);
  return Buffer.concat([number(arrayType), number(code), long(value.length), ...value.map(write)]);
}

function bytes(length, write) {
  const buffer = Buffer.alloc(length);
  write(new DataView(buffer.buffer, buffer.byteOffset, length));
  return buffer;
}

function number(value) {
  return types.uint32[1](value);
}

function long(value) {
  return bytes(8, (view) => view.setBigUint64(0, BigInt(value), true));
}

function text(value) {
  const letters = Buffer.from(value);
  return Buffer.concat([long(letters.length), letters]);
}

const sizeOf = (shape) => shape.reduce((total, length) => total * length, 1);
const aligned = (length) => Math.ceil(length / alignment) * alignment;
const padded = (content) => Buffer.concat([content, Buffer.alloc(aligned(content.length) - content.length)]);
