import { randomUUID } from "node:crypto";
import { type FileHandle, open, rename, rm } from "node:fs/promises";
import { dirname } from "node:path";
import { checkObject, checkUnknown } from "@tfblocks/tensor-utils";

/** Options of {@link replaceFile}. */
export interface ReplaceFileOptions {
  /** Keeps the old file and rejects with the signal's reason; asked before anything is written and before the new file takes its place. */
  readonly signal?: AbortSignal | undefined;
}

/**
 * Writes a file, or nothing: into a new one beside it, which takes its place once it is safely on the disk. So a crash, a
 * full disk, an error or an abort leaves what was there before, and only a crash leaves the unfinished file too.
 *
 * @param path of the file, in a folder that exists; a symbolic link is replaced itself
 * @param write fills the new file, which is open and empty
 * @throws what `write` throws, the system's error when the disk does, and the signal's reason
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
  const { signal, ...unknown } = checkObject("replaceFile", "options", options);
  checkUnknown("replaceFile", "options", unknown);
  signal?.throwIfAborted();
  const unfinished = `${path}.${randomUUID()}.tmp`;
  try {
    await writeFlushed(unfinished, write);
    signal?.throwIfAborted();
    await rename(unfinished, path);
  } catch (error) {
    await rm(unfinished, { force: true }).catch(() => {}); // the first error tells more
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

/** Makes the new name outlast a power cut; not every system can do that to a folder. */
async function flushFolder(path: string): Promise<void> {
  const folder = await open(path).catch(() => undefined);
  await folder?.sync().catch(() => {});
  await folder?.close();
}
