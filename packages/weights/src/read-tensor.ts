import { tensor, type Tensor } from "@tensorflow/tfjs-core";
import { guardAllocation } from "@tfblocks/tensor-utils";
import { abortable } from "./abortable.js";
import { type Decoder, decoderOf, dtypeBits } from "./dtypes.js";
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

const chunkBytes = 2 ** 23;

/**
 * Reads and converts one tensor in chunks. Memory holds the tensor, its elements in JavaScript and one chunk.
 *
 * @param onBytes called with the number of bytes of each chunk
 */
export async function readTensor(name: string, stored: Stored, onBytes: (count: number) => void, signal?: AbortSignal): Promise<Tensor> {
  const { dtype, shape } = stored.info;
  const decoder = decoderOf(dtype) ?? refuseFile("dtype", `dtype of tensor ${quoted(name)}`, "one for which tfjs has tensors", dtype);
  guardAllocation("openSafetensors", { [`tensor ${quoted(name)}`]: shape }, decoder.dtype === "bool" ? 1 : 4);
  const elements = elementsFor(
    decoder,
    shape.reduce((count, size) => count * size, 1),
  );
  let at = 0;
  for await (const chunk of chunksOf(stored, signal)) {
    at = decode(name, chunk, dtypeBits.get(dtype)! / 8, decoder, elements.written, at);
    onBytes(chunk.length);
  }
  signal?.throwIfAborted();
  return tensor(elements.values, [...shape] as [number], decoder.dtype);
}

/** The elements of a tensor, and the view that decoders write through: the bits of float32, so that NaN payloads survive. */
function elementsFor({ dtype }: Decoder, count: number): { values: Float32Array | Int32Array | Uint8Array; written: Written } {
  if (dtype === "bool") return both(new Uint8Array(count));
  if (dtype === "int32") return both(new Int32Array(count));
  const values = new Float32Array(count);
  return { values, written: new Uint32Array(values.buffer) };
}

type Written = Uint32Array | Int32Array | Uint8Array;

function both<Kind extends Int32Array | Uint8Array>(values: Kind): { values: Kind; written: Kind } {
  return { values, written: values };
}

async function* chunksOf({ source, info, dataStart }: Stored, signal?: AbortSignal): AsyncGenerator<Uint8Array> {
  const [begin, end] = info.offsets;
  for (let at = begin; at < end; at += chunkBytes) {
    if (at > begin) await new Promise((resolve) => setTimeout(resolve)); // lets a page draw and a signal abort
    yield await readExactly(source, dataStart + at, dataStart + Math.min(end, at + chunkBytes), signal);
  }
}

/** Reads a range and checks that the source returns all of it. */
export async function readExactly(source: ByteSource, begin: number, end: number, signal?: AbortSignal): Promise<Uint8Array> {
  signal?.throwIfAborted();
  const bytes = await abortable(source.read(begin, end, signal), signal);
  return bytes.length === end - begin ? bytes : refuseFile("truncated", "source", `one that gives ${end - begin} bytes`, bytes.length);
}

function decode(name: string, chunk: Uint8Array, bytes: number, { read }: Decoder, written: Written, start: number): number {
  const view = new DataView(chunk.buffer, chunk.byteOffset, chunk.byteLength); // unaligned, little-endian
  let at = start;
  for (let offset = 0; offset < chunk.length; offset += bytes) {
    const value = read(view, offset);
    if (Number.isNaN(value)) refuseFile("range", `tensor ${quoted(name)}`, "of integers that fit int32", `a larger one at element ${at}`);
    written[at++] = value;
  }
  return at;
}
