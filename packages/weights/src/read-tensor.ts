import type { Tensor } from "@tensorflow/tfjs-core";
import { guardAllocation } from "@tfblocks/tensor-utils";
import { abortable } from "./abortable.js";
import { type Decoder, decoderOf, dtypeBits } from "./dtypes.js";
import { elementTarget } from "./element-target.js";
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
  const decoder = decoderOf(dtype) ?? refuseFile("dtype", `dtype of tensor ${quoted(name)}`, "one for which tfjs has tensors", dtype);
  guardAllocation("openSafetensors", { [`tensor ${quoted(name)}`]: shape }, decoder.dtype === "bool" ? 1 : 4);
  const target = elementTarget(shape, decoder.dtype);
  try {
    let at = 0;
    for await (const chunk of chunksOf(stored, buffer, signal)) {
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

type Written = Uint32Array | Int32Array | Uint8Array;

/** The view that decoders write through: the bits of float32, so that NaN payloads survive. */
function bitsOf(elements: Float32Array | Int32Array | Uint8Array): Written {
  return elements instanceof Float32Array ? new Uint32Array(elements.buffer, elements.byteOffset, elements.length) : elements;
}

async function* chunksOf({ source, info, dataStart }: Stored, buffer: Uint8Array, signal?: AbortSignal): AsyncGenerator<Uint8Array> {
  const [begin, end] = info.offsets;
  for (let at = begin; at < end; at += chunkBytes) {
    if (at > begin) await new Promise((resolve) => setTimeout(resolve)); // lets a page draw and a signal abort
    yield await readExactly(source, dataStart + at, dataStart + Math.min(end, at + chunkBytes), signal, buffer);
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

function decode(name: string, chunk: Uint8Array, bytes: number, { read, copies }: Decoder, written: Written, start: number): number {
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
