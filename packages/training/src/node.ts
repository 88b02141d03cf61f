import { readFile } from "node:fs/promises";
import { replaceFile } from "@tfblocks/weights/node";
import type { CheckpointStore } from "./checkpoint-store.js";

/**
 * Stores the last checkpoint in a file, with `replaceFile` of `@tfblocks/weights/node`: after an interruption or with a
 * full disk the old file is still complete.
 */
export class FileCheckpointStore implements CheckpointStore {
  readonly path: string;

  /** @param path the file; its folder must exist */
  constructor(path: string) {
    this.path = path;
  }

  /** @throws the error of Node.js when the file cannot be written */
  async save(bytes: Uint8Array): Promise<void> {
    await replaceFile(this.path, (file) => file.writeFile(bytes));
  }

  /** @throws the error of Node.js when the file exists but cannot be read */
  async load(): Promise<Uint8Array | undefined> {
    try {
      return new Uint8Array(await readFile(this.path));
    } catch (error) {
      if ((error as { code?: string }).code === "ENOENT") return undefined;
      throw error;
    }
  }
}
