import { randomUUID } from "node:crypto";
import { type FileHandle, open, rename, rm } from "node:fs/promises";
import { dirname } from "node:path";
import { checkOptions } from "@tfblocks/tensor-utils";

/** Options of {@link replaceFile}. */
export interface ReplaceFileOptions {
  /** Keeps the old file and rejects with the signal's reason. Checked before anything is written and before the new file is renamed. */
  readonly signal?: AbortSignal | undefined;
}

/**
 * Replaces a file whole or not at all: writes a new file beside it, flushes that to the disk and renames it over the old one.
 * A crash, a full disk, an error or an abort leaves the old file; only a crash also leaves the unfinished one.
 *
 * @param path of the file, in a folder that exists; a symbolic link is itself replaced
 * @param write writes to the new file, which is open and empty
 * @throws what `write` throws, the system's error when the file cannot be written, and the signal's reason
 * @throws ValueError when an option is unknown
 *
 * @example
 * ```ts
 * import { mkdtemp, readFile } from "node:fs/promises";
 * import { tmpdir } from "node:os";
 * import { join } from "node:path";
 * import { replaceFile } from "@tfblocks/weights/node";
 *
 * const path = join(await mkdtemp(join(tmpdir(), "notes-")), "notes.txt");
 * await replaceFile(path, (file) => file.writeFile("whole, or not there"));
 * await readFile(path, "utf8"); // "whole, or not there"
 * ```
 */
export async function replaceFile(
  path: string,
  write: (file: FileHandle) => Promise<void>,
  options: ReplaceFileOptions = {},
): Promise<void> {
  const { signal } = checkOptions("replaceFile", options, { signal: true });
  signal?.throwIfAborted();
  const unfinished = `${path}.${randomUUID()}.tmp`;
  try {
    await writeFlushed(unfinished, write);
    signal?.throwIfAborted();
    await rename(unfinished, path);
  } catch (error) {
    await rm(unfinished, { force: true }).catch(() => {}); // the first error is the useful one
    throw error;
  }
  await flushFolder(dirname(path));
}

async function writeFlushed(path: string, write: (file: FileHandle) => Promise<void>): Promise<void> {
  const file = await open(path, "wx");
  try {
    await write(file);
    await file.sync();
  } finally {
    await file.close();
  }
}

/** Flushes the folder, so that the new name survives a power cut. Not every system can. */
async function flushFolder(path: string): Promise<void> {
  const folder = await open(path).catch(() => undefined);
  await folder?.sync().catch(() => {});
  await folder?.close();
}
