import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { join, resolve, sep } from "node:path";
import { Failure } from "./run.mjs";

/** The list of the files of an export, by which the next one knows what it may replace. */
const list = "exported-files.json";

/**
 * Copies a built site into a folder. Of an earlier export it removes the files of that export only, so that a `CNAME`, for
 * example, stays.
 *
 * @returns the number of files
 * @throws Failure when the folder holds something else
 */
export function exportSite(site, folder) {
  const files = filesIn(site);
  if (existsSync(folder)) clear(folder);
  mkdirSync(folder, { recursive: true });
  for (const file of files) cpSync(join(site, file), join(folder, file));
  writeFileSync(join(folder, list), `${JSON.stringify(files, undefined, 1)}\n`);
  return files.length;
}

const filesIn = (folder) =>
  readdirSync(folder, { recursive: true })
    .filter((path) => statSync(join(folder, path)).isFile())
    .map((path) => path.replaceAll(sep, "/"))
    .toSorted((a, b) => (a < b ? -1 : 1));

function clear(folder) {
  if (!statSync(folder).isDirectory()) throw new Failure(`playground: ${folder} is a file; give --export the name of a folder.`);
  if (readdirSync(folder).length === 0) return;
  for (const file of readList(folder)) {
    const path = resolve(folder, file);
    if (path.startsWith(resolve(folder) + sep)) rmSync(path, { force: true });
  }
}

function readList(folder) {
  try {
    const files = JSON.parse(readFileSync(join(folder, list), "utf8"));
    if (files.every((file) => typeof file === "string")) return files;
  } catch {
    // as if there were none
  }
  throw new Failure(
    `playground: ${folder} is not empty and is not an earlier export; empty it, or give --export the name of another folder.`,
  );
}
