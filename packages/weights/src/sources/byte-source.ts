import { refuseFile } from "../safetensors-error.js";

/** A source of the bytes of a file: knows its size and reads ranges. */
export interface ByteSource {
  /** The size of the whole file in bytes. */
  readonly size: number;
  /**
   * Reads the bytes from `begin` up to but not including `end`, all of them. They are borrowed until the next call.
   *
   * @param into an array of that length, which may be filled and returned to save memory
   */
  read(begin: number, end: number, signal?: AbortSignal, into?: Uint8Array): Promise<Uint8Array>;
  close(): Promise<void>;
}

/** Bytes in memory, borrowed until the reader is closed. */
export function memorySource(bytes: Uint8Array): ByteSource {
  return { size: bytes.length, read: async (begin, end) => bytes.subarray(begin, end), close: async () => {} };
}

/** A `File` or `Blob`; only the ranges that are read come into memory. */
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

/** @throws SafetensorsError of kind `limit` when a file is larger than `maxBytes` */
export function checkTotal(size: number, maxBytes: number): void {
  if (size > maxBytes) refuseFile("limit", "file", `at most ${maxBytes} bytes (maxBytes)`, size, "raise maxBytes if you trust the file");
}
