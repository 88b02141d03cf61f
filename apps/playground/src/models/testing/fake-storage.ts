import { vi } from "vitest";
import type { StoredFolder } from "../own-files/browser-folder.js";

interface StoredBytes {
  readonly kind: "file";
  bytes: Uint8Array;
}

interface StoredDirectory {
  readonly kind: "directory";
  readonly entries: Map<string, Stored>;
}

type Stored = StoredBytes | StoredDirectory;

const folderOf = (): StoredDirectory => ({ kind: "directory", entries: new Map() });
const emptyFile = (): StoredBytes => ({ kind: "file", bytes: new Uint8Array() });
const missing = (): never => {
  throw new DOMException("not found", "NotFoundError");
};

/** The storage of a browser in memory, with as much space as the test says. */
export class FakeStorage {
  readonly root = folderOf();
  quota = 1e9;

  /** Takes the place of the storage of the browser until the globals are restored. */
  install(): this {
    let last: Promise<unknown> = Promise.resolve();
    const request = (_name: string, work: () => Promise<unknown>) => (last = last.then(work, work));
    const storage = {
      getDirectory: async () => this.#handleOf(this.root) as unknown as FileSystemDirectoryHandle,
      estimate: async () => ({ quota: this.quota, usage: this.usage }),
    };
    vi.stubGlobal("FileSystemSyncAccessHandle", Object);
    vi.stubGlobal("navigator", { storage, locks: { request } });
    return this;
  }

  /** Bytes of all files. */
  get usage(): number {
    const sizeOf = (stored: Stored): number =>
      stored.kind === "file" ? stored.bytes.length : [...stored.entries.values()].reduce((sum, each) => sum + sizeOf(each), 0);
    return sizeOf(this.root);
  }

  /** The names of the folders of models. */
  get folders(): string[] {
    const models = this.root.entries.get("models");
    return models?.kind === "directory" ? [...models.entries.keys()] : [];
  }

  #handleOf(folder: StoredDirectory): StoredFolder {
    const at = <Kind extends Stored>(name: string, create: Kind | undefined): Kind => {
      const found = (folder.entries.get(name) as Kind | undefined) ?? create ?? missing();
      folder.entries.set(name, found);
      return found;
    };
    return {
      kind: "directory",
      getDirectoryHandle: async (name, options) => this.#handleOf(at(name, options?.create ? folderOf() : undefined)),
      getFileHandle: async (name, options) => this.#fileHandleOf(at(name, options?.create ? emptyFile() : undefined)),
      removeEntry: async (name) => void (folder.entries.delete(name) || missing()),
      entries: () => this.#entriesOf(folder),
    };
  }

  async *#entriesOf(folder: StoredDirectory): ReturnType<StoredFolder["entries"]> {
    for (const [name, stored] of folder.entries) {
      yield [name, stored.kind === "file" ? this.#fileHandleOf(stored) : this.#handleOf(stored)];
    }
  }

  #fileHandleOf(file: StoredBytes) {
    const write = (bytes: Uint8Array, { at }: { readonly at: number }): number => {
      const written = bytes.subarray(0, Math.max(0, this.quota - this.usage));
      const grown = new Uint8Array(Math.max(file.bytes.length, at + written.length));
      grown.set(file.bytes);
      grown.set(written, at);
      file.bytes = grown;
      return written.length;
    };
    const truncate = (size: number): void => void (file.bytes = file.bytes.slice(0, size));
    return {
      kind: "file" as const,
      getFile: async () => new File([file.bytes as BlobPart], "file"),
      createSyncAccessHandle: async () => ({ write, truncate, flush() {}, close() {} }),
    };
  }
}
