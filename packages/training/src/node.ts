import { readFile } from "node:fs/promises";
import { replaceFile } from "@tfblocks/weights/node";
import type { CheckpointStore } from "./checkpoint-store.js";

/**
 * Keeps the last checkpoint in a file of Node.js, by `replaceFile` of `@tfblocks/weights/node`: an interruption or a full
 * disk leaves the old file whole.
 */
export class FileCheckpointStore implements CheckpointStore {
  readonly path: string;

  /** @param path of the file; its folder must exist */
  constructor(path: string) {
    this.path = path;
  }

  /** @throws Error of Node.js when the file cannot be written */
  async save(bytes: Uint8Array): Promise<void> {
    await replaceFile(this.path, (file) => file.writeFile(bytes));
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
