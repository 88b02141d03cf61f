import { constants, type FileHandle, open } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { openOne } from "../open-file.js";
import { checkLimits, type OpenOptions } from "../open-safetensors.js";
import { isIndex, openShards } from "../open-shards.js";
import type { SafetensorsReader } from "../reader.js";
import { refuseFile } from "../safetensors-error.js";
import type { ByteSource } from "../sources/byte-source.js";

/**
 * Opens a safetensors file by its path. The path of a `model.safetensors.index.json` opens the shards beside it.
 *
 * @returns the reader; close it when done
 * @throws SafetensorsError whose `kind` names the rule that is broken; `source` when the file cannot be read
 * @throws ValueError when an option is unknown
 */
export async function openSafetensorsFile(path: string, options: OpenOptions = {}): Promise<SafetensorsReader> {
  const limits = checkLimits("openSafetensorsFile", options);
  limits.signal?.throwIfAborted();
  const source = await fileSource(path);
  if (!isIndex(basename(path))) return openOne(source, limits);
  return openShards(source, (name) => fileSource(join(dirname(path), name)), limits);
}

/** Without this, opening a pipe would wait for a writer. */
const withoutWaiting = constants.O_RDONLY | (constants.O_NONBLOCK ?? 0); // Windows has no such flag

async function fileSource(path: string): Promise<ByteSource> {
  const file = await open(path, withoutWaiting).catch((error: unknown) =>
    refuseFile("source", "path", "of a readable file", String(error)),
  );
  try {
    const stat = await file.stat();
    if (!stat.isFile()) refuseFile("source", "path", "of a file", path);
    return { size: stat.size, read: (begin, end, _signal, into) => readBytes(file, begin, end, into), close: () => file.close() };
  } catch (error) {
    await file.close();
    throw error;
  }
}

async function readBytes(file: FileHandle, begin: number, end: number, into?: Uint8Array): Promise<Uint8Array> {
  const bytes = into ?? new Uint8Array(end - begin);
  for (let at = 0; at < bytes.length;) {
    const { bytesRead } = await file
      .read(bytes, at, bytes.length - at, begin + at)
      .catch((error: unknown) => refuseFile("source", "file", "readable", String(error)));
    if (bytesRead === 0) refuseFile("truncated", "file", `as long as when it was opened, ${end} bytes or more`, `${begin + at} bytes`);
    at += bytesRead;
  }
  return bytes;
}
