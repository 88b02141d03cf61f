/** A file in the storage of the browser, as workers write it. Safari has no other way. */
interface SyncFile {
  write(bytes: Uint8Array, options: { readonly at: number }): number;
  truncate(size: number): void;
  flush(): void;
  close(): void;
}

interface StoredFile {
  readonly kind: "file";
  getFile(): Promise<File>;
  createSyncAccessHandle(): Promise<SyncFile>;
}

/** A folder in the storage of the browser: the part of `FileSystemDirectoryHandle` that is used here. */
export interface StoredFolder {
  readonly kind: "directory";
  getDirectoryHandle(name: string, options?: { readonly create: boolean }): Promise<StoredFolder>;
  getFileHandle(name: string, options?: { readonly create: boolean }): Promise<StoredFile>;
  removeEntry(name: string, options?: { readonly recursive: boolean }): Promise<void>;
  entries(): AsyncIterableIterator<[string, StoredFolder | StoredFile]>;
}

/** The storage of the browser for this page. @throws when there is none, or the browser forbids it, as in some private windows */
export function browserFolder(): Promise<StoredFolder> {
  return navigator.storage.getDirectory() as unknown as Promise<StoredFolder>;
}

/** Bytes that are in memory while a file is copied. */
const blockBytes = 2 ** 22;

/**
 * Copies a file into a folder.
 *
 * @param onProgress is told how many bytes are copied, and returns false to stop
 * @returns whether the whole file is copied
 */
export async function copyInto(
  folder: StoredFolder,
  name: string,
  file: Blob,
  onProgress: (done: number) => Promise<boolean>,
): Promise<boolean> {
  const copy = await (await folder.getFileHandle(name, { create: true })).createSyncAccessHandle();
  try {
    for (let at = 0; at < file.size; at += blockBytes) {
      const bytes = new Uint8Array(await file.slice(at, at + blockBytes).arrayBuffer());
      if (copy.write(bytes, { at }) !== bytes.length) throw new DOMException("the storage is full", "QuotaExceededError");
      if (!(await onProgress(Math.min(file.size, at + blockBytes)))) return false;
    }
    copy.truncate(file.size); // a file of this name may have been longer
    copy.flush();
    return true;
  } finally {
    copy.close();
  }
}

/** The files of a folder by their names. */
export async function filesIn(folder: StoredFolder): Promise<Map<string, File>> {
  const files = new Map<string, File>();
  for await (const [name, handle] of folder.entries()) if (handle.kind === "file") files.set(name, await handle.getFile());
  return files;
}
