import type { Tensor } from "@tensorflow/tfjs-core";
import { elementTarget, guardAllocation } from "@tfblocks/tensor-utils";
import { abortable } from "./abortable.js";
import { type ArrayDecoder, arrayDecoderOf, decoderOf, dtypeBits } from "./dtypes.js";
import { quoted, type TensorInfo } from "./header.js";
import { refuseFile } from "./safetensors-error.js";
import type { ByteSource } from "./sources/byte-source.js";

/** The place of a tensor in its file. */
export interface Stored {
  readonly source: ByteSource;
  readonly info: TensorInfo;
  /** Where the data of the file begin; offsets count from here. */
  readonly dataStart: number;
}

/** How much of a file is read at once. */
export const chunkBytes: number = 2 ** 23;

/** What reading a tensor needs beside its place. */
export interface ReadContext {
  /** Called with the number of bytes of each chunk. */
  readonly onBytes: (count: number) => void;
  /** For chunks, as long as the largest one. */
  readonly buffer: Uint8Array;
  readonly signal?: AbortSignal | undefined;
}

/** Reads and converts one tensor in chunks. Memory holds the tensor, one chunk and, on a graphics processor, the elements in JavaScript. */
export async function readTensor(name: string, stored: Stored, { onBytes, buffer, signal }: ReadContext): Promise<Tensor> {
  const { dtype, shape } = stored.info;
  const decoder = decoderOf(dtype) ?? refuseDtype(name, dtype);
  guardAllocation("openSafetensors", { [`tensor ${quoted(name)}`]: shape }, decoder.dtype === "bool" ? 1 : 4);
  const target = elementTarget(shape, decoder.dtype);
  try {
    let at = 0;
    for await (const chunk of chunksOf(stored, chunkBytes, buffer, signal)) {
      at = decode(name, chunk, dtypeBits.get(dtype)! / 8, decoder, bitsOf(target.elements()), at);
      onBytes(chunk.length);
    }
    signal?.throwIfAborted();
  } catch (error) {
    target.discard();
    throw error;
  }
  return target.finish();
}

/** Some rows of a tensor: its elements at consecutive indices of the first dimension. */
export interface TensorRows {
  /** The index of the first row. */
  readonly start: number;
  /** Borrowed until the next rows are asked for. */
  readonly elements: Elements;
}

/** F32, F16, BF16 and F64 as float32, U32 as it is, BOOL as bytes, and other integers as int32. */
type Elements = Float32Array | Int32Array | Uint32Array | Uint8Array;

/** Reads and converts one tensor, as many whole rows at a time as a chunk holds. Memory holds one chunk and its elements. */
export async function* readRows(name: string, stored: Stored, { onBytes, buffer, signal }: ReadContext): AsyncGenerator<TensorRows> {
  const { dtype, shape, offsets } = stored.info;
  const decoder = arrayDecoderOf(dtype) ?? refuseDtype(name, dtype);
  const bytes = dtypeBits.get(dtype)! / 8;
  const rowBytes = Math.max(1, (offsets[1] - offsets[0]) / (shape[0] || 1));
  const perPiece = Math.max(1, Math.floor(chunkBytes / rowBytes));
  const elements = newElements(decoder.dtype, Math.min(perPiece * rowBytes, offsets[1] - offsets[0]) / bytes);
  let start = 0;
  for await (const chunk of chunksOf(stored, perPiece * rowBytes, buffer, signal)) {
    decode(name, chunk, bytes, decoder, bitsOf(elements), 0);
    onBytes(chunk.length);
    yield { start, elements: elements.subarray(0, chunk.length / bytes) };
    start += perPiece;
  }
  signal?.throwIfAborted();
}

function newElements(dtype: ArrayDecoder["dtype"], length: number): Elements {
  const Class = { float32: Float32Array, int32: Int32Array, uint32: Uint32Array, bool: Uint8Array }[dtype];
  return new Class(length);
}

function refuseDtype(name: string, dtype: string): never {
  return refuseFile("dtype", `dtype of tensor ${quoted(name)}`, "one for which tfjs has tensors", dtype);
}

type Written = Uint32Array | Int32Array | Uint8Array;

/** The view that decoders write through: the bits of float32, so that NaN payloads survive. */
function bitsOf(elements: Elements): Written {
  return elements instanceof Float32Array ? new Uint32Array(elements.buffer, elements.byteOffset, elements.length) : elements;
}

async function* chunksOf(
  { source, info, dataStart }: Stored,
  length: number,
  buffer: Uint8Array,
  signal?: AbortSignal,
): AsyncGenerator<Uint8Array> {
  const [begin, end] = info.offsets;
  const into = buffer.length < Math.min(length, end - begin) ? undefined : buffer;
  for (let at = begin; at < end; at += length) {
    if (at > begin) await new Promise((resolve) => setTimeout(resolve)); // lets a page draw and a signal abort
    yield await readExactly(source, dataStart + at, dataStart + Math.min(end, at + length), signal, into);
  }
}

/** Reads a range and checks that the source returns all of it. @param buffer that the source may fill */
export async function readExactly(
  source: ByteSource,
  begin: number,
  end: number,
  signal?: AbortSignal,
  buffer?: Uint8Array,
): Promise<Uint8Array> {
  signal?.throwIfAborted();
  const bytes = await abortable(source.read(begin, end, signal, buffer?.subarray(0, end - begin)), signal);
  return bytes.length === end - begin ? bytes : refuseFile("truncated", "source", `one that gives ${end - begin} bytes`, bytes.length);
}

const isLittleEndian = new Uint8Array(Uint16Array.of(1).buffer)[0] === 1;

function decode(
  name: string,
  chunk: Uint8Array,
  bytes: number,
  { read, copies }: Pick<ArrayDecoder, "read" | "copies">,
  written: Written,
  start: number,
): number {
  if (copies && isLittleEndian) {
    new Uint8Array(written.buffer, written.byteOffset + start * bytes, chunk.length).set(chunk);
    return start + chunk.length / bytes;
  }
  const view = new DataView(chunk.buffer, chunk.byteOffset, chunk.byteLength); // unaligned, little-endian
  let at = start;
  for (let offset = 0; offset < chunk.length; offset += bytes) {
    const value = read(view, offset);
    if (Number.isNaN(value)) refuseFile("range", `tensor ${quoted(name)}`, "of integers that fit int32", `a larger one at element ${at}`);
    written[at++] = value;
  }
  return at;
}
