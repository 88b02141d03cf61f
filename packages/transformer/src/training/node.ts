import { open, readFile, rename, rm } from "node:fs/promises";
import { dirname } from "node:path";
import type { CheckpointStore } from "./checkpoint-store.js";

/**
 * Keeps the last checkpoint in a file of Node.js. A new one is written beside it, flushed to the disk and then put in
 * its place, so that an interruption or a full disk leaves the old file whole. One save at a time.
 */
export class FileCheckpointStore implements CheckpointStore {
  readonly path: string;

  /** @param path of the file; its folder must exist */
  constructor(path: string) {
    this.path = path;
  }

  /** @throws Error of Node.js when the file cannot be written */
  async save(bytes: Uint8Array): Promise<void> {
    const temporary = `${this.path}.tmp`;
    try {
      await writeFlushed(temporary, bytes);
      await rename(temporary, this.path);
    } catch (error) {
      await rm(temporary, { force: true });
      throw error;
    }
    await flushFolder(dirname(this.path));
  }

  /** @throws Error of Node.js when there is a file that cannot be read */
  async load(): Promise<Uint8Array | undefined> {
    try {
      return new Uint8Array(await readFile(this.path));
    } catch (error) {
      if ((error as { code?: string }).code === "ENOENT") return undefined;
      throw error;
    }
  }
}

async function writeFlushed(path: string, bytes: Uint8Array): Promise<void> {
  const file = await open(path, "w");
  try {
    await file.writeFile(bytes);
    await file.sync();
  } finally {
    await file.close();
  }
}

/** So that the new name outlasts a power cut too; Windows cannot open a folder and needs none of it. */
async function flushFolder(path: string): Promise<void> {
  if (process.platform === "win32") return;
  const folder = await open(path, "r");
  try {
    await folder.sync();
  } finally {
    await folder.close();
  }
}
