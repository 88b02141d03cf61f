import type { PickedFiles } from "../../models/own-files/add-own.js";

/** Far more than a folder of a model has; whoever drops a disk waits no longer. */
const mostFiles = 20_000;

/** The files of an input: of a folder with their paths, or by their names. */
export function filesOfInput(list: FileList): PickedFiles {
  const files = Array.from(list).map((file): [string, File] => [file.webkitRelativePath || file.name, file]);
  return { name: folderName(files.map(([path]) => path)), files: new Map(files) };
}

/** What is dropped: files, folders or both. The entries must be taken before the event ends; their files are read later. */
export async function filesOfDrop({ items, files }: DataTransfer): Promise<PickedFiles> {
  const entries = Array.from(items).flatMap((item) => item.webkitGetAsEntry() ?? []);
  if (entries.length === 0) return filesOfInput(files);
  const found = new Map<string, File>();
  for (const entry of entries) await collect(entry, found);
  return { name: folderName([...found.keys()]), files: found };
}

/** The folder that all paths begin with; "" without one. */
function folderName(paths: readonly string[]): string {
  const [first, ...others] = new Set(paths.map((path) => path.split("/").slice(0, -1)[0] ?? ""));
  return others.length === 0 ? (first ?? "") : "";
}

async function collect(entry: FileSystemEntry, found: Map<string, File>): Promise<void> {
  if (found.size > mostFiles) return;
  const path = entry.fullPath.replace(/^\//, "");
  if (entry.isFile) found.set(path, await new Promise<File>((...settle) => (entry as FileSystemFileEntry).file(...settle)));
  if (!entry.isDirectory) return;
  const reader = (entry as FileSystemDirectoryEntry).createReader();
  for (let part = await nextOf(reader); part.length > 0; part = await nextOf(reader)) {
    for (const each of part) await collect(each, found);
  }
}

/** Browsers give the entries of a folder in parts. */
function nextOf(reader: FileSystemDirectoryReader): Promise<FileSystemEntry[]> {
  return new Promise((...settle) => reader.readEntries(...settle));
}
