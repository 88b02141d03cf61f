import { type Header, maxHeaderBytes, parseHeader } from "./header.js";
import { readExactly, type Stored } from "./read-tensor.js";
import { StoredTensors } from "./reader.js";
import { refuseFile } from "./safetensors-error.js";
import { type ByteSource, checkTotal } from "./sources/byte-source.js";

/** Options of opening, with their defaults filled in. */
export interface Limits {
  readonly maxBytes: number;
  readonly signal?: AbortSignal | undefined;
}

/** A file whose header was read. */
export interface OpenFile {
  readonly header: Header;
  readonly stored: ReadonlyMap<string, Stored>;
}

/** Opens one file; closes its source on any error. */
export async function openOne(source: ByteSource, limits: Limits): Promise<StoredTensors> {
  try {
    const { header, stored } = await openFile(source, limits);
    return new StoredTensors(stored, header.metadata, [source]);
  } catch (error) {
    await source.close();
    throw error;
  }
}

/** Reads the header of a file, after checking its length. */
export async function openFile(source: ByteSource, { maxBytes, signal }: Limits): Promise<OpenFile> {
  checkTotal(source.size, maxBytes);
  if (source.size < 8) refuseFile("truncated", "file", "at least 8 bytes", source.size);
  const headerBytes = headerLength(await readExactly(source, 0, 8, signal));
  const dataStart = 8 + headerBytes;
  if (dataStart > source.size) refuseFile("truncated", "file", `longer than its header, ${dataStart} bytes`, `${source.size} bytes`);
  const header = parseHeader(await readExactly(source, 8, dataStart, signal), source.size - dataStart);
  return { header, stored: new Map([...header.tensors].map(([name, info]) => [name, { source, info, dataStart }])) };
}

function headerLength(bytes: Uint8Array): number {
  const length = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength).getBigUint64(0, true);
  if (length <= BigInt(maxHeaderBytes)) return Number(length);
  return refuseFile("headerSize", "header", `at most ${maxHeaderBytes} bytes`, `${length} bytes`, "is this a safetensors file?");
}
