import { refuseFile } from "../safetensors-error.js";

/** Where the bytes of a file come from: anything that can say how many there are and give some of them. */
export interface ByteSource {
  /** Bytes of the whole file. */
  readonly size: number;
  /** The bytes from `begin` up to, not including, `end`: all of them, or an error. They are only looked at, and only until the next call. */
  read(begin: number, end: number, signal?: AbortSignal): Promise<Uint8Array>;
  close(): Promise<void>;
}

/** Bytes in memory, borrowed until the reader is closed. */
export function memorySource(bytes: Uint8Array): ByteSource {
  return { size: bytes.length, read: async (begin, end) => bytes.subarray(begin, end), close: async () => {} };
}

/** A `File` or `Blob`, of which only the parts that are read come into memory. */
export function blobSource(blob: Blob): ByteSource {
  const read = async (begin: number, end: number) => {
    try {
      return new Uint8Array(await blob.slice(begin, end).arrayBuffer());
    } catch (error) {
      return refuseFile("source", "file", "readable", String(error), "choose it again if it changed on disk");
    }
  };
  return { size: blob.size, read, close: async () => {} };
}

/** @throws SafetensorsError of kind `limit` when a file is larger than allowed */
export function checkTotal(size: number, maxBytes: number): void {
  if (size > maxBytes) refuseFile("limit", "file", `at most ${maxBytes} bytes (maxBytes)`, size, "raise maxBytes if you trust the file");
}
