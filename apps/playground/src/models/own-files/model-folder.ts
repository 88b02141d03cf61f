import { refuseModel } from "../explain-failure.js";

/** A file of the reader, by its path in what was picked. */
interface WithPath {
  readonly path: string;
}

/** The files of one folder, by their names in it. */
export interface Folder<Entry> {
  /** The last part of its path; "" for what was picked itself. */
  readonly name: string;
  readonly entries: ReadonlyMap<string, Entry>;
}

/**
 * The folder that has a model, among the files that somebody has picked: the one with a config.json, beside weights if there are
 * several, nearest to the top.
 *
 * @throws ModelFailure when a path leads out of the folder, a file is there twice, or two folders have models
 */
export function modelFolder<Entry extends WithPath>(picked: readonly Entry[]): Folder<Entry> {
  const folders = new Map<string, Map<string, Entry>>();
  for (const entry of picked) {
    const parts = partsOf(entry.path);
    if (isJunk(parts)) continue;
    const [path, name] = [parts.slice(0, -1).join("/"), parts.at(-1)!];
    const folder = folders.get(path) ?? new Map<string, Entry>();
    if (folder.has(name)) refuseModel(`${name} is there twice. Please choose the files of one model.`);
    folders.set(path, folder.set(name, entry));
  }
  const [path, entries] = chosenFolder(folders) ?? ["", new Map<string, Entry>()];
  return { name: path.split("/").at(-1)!, entries };
}

/** @throws ModelFailure when a path leads out of its folder */
function partsOf(path: string): string[] {
  const parts = path.split(/[/\\]/);
  const leadsOut =
    parts.some((part) => part === ".." || part === "." || part.includes("\0")) || parts[0] === "" || /^[a-z]:$/i.test(parts[0]!);
  return leadsOut ? refuseModel(`The path “${path.slice(0, 80)}” leads out of the folder, so nothing was opened.`) : parts;
}

/** Folders themselves, and what systems add to them. */
function isJunk(parts: readonly string[]): boolean {
  const name = parts.at(-1)!;
  return name === "" || parts[0] === "__MACOSX" || name.startsWith("._") || [".DS_Store", "Thumbs.db", "desktop.ini"].includes(name);
}

function chosenFolder<Entry>(folders: ReadonlyMap<string, Map<string, Entry>>): [string, Map<string, Entry>] | undefined {
  const all = [...folders].toSorted(([a], [b]) => depthOf(a) - depthOf(b));
  const having = (pattern: RegExp, among = all) => among.filter(([, files]) => [...files.keys()].some((name) => pattern.test(name)));
  const withConfig = having(/^config\.json$/);
  const withBoth = having(/\.safetensors$/, withConfig);
  const [first, second] = withBoth;
  if (first !== undefined && second !== undefined && depthOf(first[0]) === depthOf(second[0])) {
    refuseModel(`There are several models: ${withBoth.map(([path]) => path).join(", ")}. Please choose the folder of one of them.`);
  }
  return first ?? withConfig[0] ?? having(/\.(safetensors|bin|gguf|json)$/)[0] ?? all[0];
}

function depthOf(path: string): number {
  return path === "" ? 0 : path.split("/").length;
}
