import type { TaskPort } from "../../compute/task.js";
import { refuseModel } from "../explain-failure.js";
import { checkFiles, checkNames } from "./check-files.js";
import { modelFolder } from "./model-folder.js";
import { longestTitle, type OwnModel, shownBytes } from "./own-model.js";
import { ownId } from "./own-id.js";
import { checkUnpacked, mostUnpacked, unpack } from "./unpack.js";
import { isZip, zipEntries } from "./zip-entries.js";

/** What a reader has picked or dropped. */
export interface PickedFiles {
  /** The name of the folder, or "" for files. */
  readonly name: string;
  /** By their paths in it; one may be a zip. */
  readonly files: ReadonlyMap<string, Blob>;
}

/** Files that are read; all others are left where they are. */
const wanted = /^((config|generation_config|tokenizer|model\.safetensors\.index)\.json|.*\.safetensors)$/;
/** A folder of a model has some dozens. */
const mostFiles = 20_000;

/**
 * Makes a model of files that a reader has picked: finds its folder, unpacks a zip, and checks that it can be opened. The weights
 * stay where they are, on the disk or in the zip.
 *
 * @returns undefined after a cancel
 * @throws ModelFailure in words for the reader
 */
export async function ownModelOf(picked: PickedFiles, port: TaskPort): Promise<OwnModel | undefined> {
  const zip = await zipIn(picked.files);
  const found = zip === undefined ? filesIn(picked) : await unzipped(zip, port);
  if (found === undefined) return undefined;
  await checkFiles(found.files);
  const config = JSON.parse(await found.files.get("config.json")!.text()) as Config;
  const title = found.title.trim().slice(0, longestTitle) || titleIn(config);
  return { title, files: found.files, id: await ownId(found.files, String(config["model_type"])) };
}

type Config = Readonly<Record<string, unknown>>;

/** The name that a config gives to its model, if it gives one. */
function titleIn({ _name_or_path: name, model_type: type }: Config): string {
  const last = typeof name === "string" ? baseName(name).slice(0, longestTitle) : "";
  return last || `${String(type)} model`;
}

interface NamedFile {
  readonly name: string;
  readonly file: Blob;
}

function baseName(path: string): string {
  return path.split(/[/\\]/).at(-1)!;
}

/** The archive, if that is all there is. */
async function zipIn(files: PickedFiles["files"]): Promise<NamedFile | undefined> {
  if (files.size !== 1) return undefined;
  const [[name, file]] = [...files] as [[string, Blob]];
  if (await isZip(file)) return { name, file };
  return /\.zip$/i.test(name) ? refuseModel(`${name} is damaged, or is no zip. Please download it again.`) : undefined;
}

type Titled = Pick<OwnModel, "title" | "files">;

function filesIn({ name: pickedName, files }: PickedFiles): Titled {
  if (files.size > mostFiles) refuseModel(`There are ${files.size} files. Please choose the folder of one model.`);
  const { name, entries } = modelFolder([...files].map(([path, file]) => ({ path, file })));
  checkNames([...entries.keys()]);
  const read = [...entries].filter(([each]) => wanted.test(each)).map(([each, { file }]) => [each, file] as const);
  checkBytes(
    "The files have",
    read.reduce((sum, [, file]) => sum + file.size, 0),
  );
  return { title: name || pickedName, files: new Map(read) };
}

function checkBytes(what: string, bytes: number): void {
  if (bytes > mostUnpacked) refuseModel(`${what} ${shownBytes(bytes)}, and this page takes at most ${shownBytes(mostUnpacked)}.`);
}

async function unzipped(
  { name: zipName, file }: { readonly name: string; readonly file: Blob },
  port: TaskPort,
): Promise<Titled | undefined> {
  checkBytes("The zip has", file.size);
  const { name, entries } = modelFolder(await zipEntries(file));
  checkNames([...entries.keys()]);
  const read = [...entries].filter(([each]) => wanted.test(each));
  checkUnpacked(read.map(([, entry]) => entry));
  const total = read.reduce((sum, [, { size }]) => sum + size, 0);
  const files = new Map<string, Blob>();
  let before = 0;
  for (const [each, entry] of read) {
    const content = await unpack(file, entry, (done) => port.step(`Unpacking ${each}`, before + done, total));
    if (content === undefined) return undefined;
    files.set(each, content);
    before += entry.size;
  }
  return {
    title: name || baseName(zipName).replace(/\.zip$/i, ""),
    files,
  };
}
