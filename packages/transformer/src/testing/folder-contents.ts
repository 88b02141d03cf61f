import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";

/** The names and bytes of the files in a folder. */
export async function folderContents(path: string): Promise<Record<string, Uint8Array>> {
  const names = (await readdir(path)).toSorted();
  return Object.fromEntries(await Promise.all(names.map(async (name) => [name, new Uint8Array(await readFile(join(path, name)))])));
}
