import { readdir, readFile, stat } from "node:fs/promises";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { checkOptions, refuse, ValueError } from "@tfblocks/tensor-utils";
import { openSafetensorsFile } from "@tfblocks/weights/node";
import { type FolderSource, type FoundFile, refuseRead } from "./folder-files.js";
import { isWeights, loadFrom, type LoadFolderOptions, loadFolderOptionNames, type PretrainedFolder, weightNames } from "./load-from.js";
import { loadFolder as loadUrl } from "./load-url.js";

/** Weights that are not safetensors. */
const foreign = /\.(bin|ckpt|gguf|h5|msgpack|pt|pth)$/;

/**
 * Loads the model of a Hugging Face folder: `config.json` with `model.safetensors`, or with the shards that
 * `model.safetensors.index.json` lists.
 *
 * @param path of the folder, or of the weights in it: a `.safetensors` file or a `.safetensors.index.json`; or an address of
 *   either, as for `loadFolder` of `@tfblocks/transformer/hugging-face`
 * @throws ValueError when the folder lacks a file, a config is over 1 MiB or not JSON, or an option is unknown
 * @throws what {@link loadModel} and `openSafetensorsFile` throw; nothing is left open or allocated on any error
 */
export async function loadFolder(path: string | URL, options: LoadFolderOptions = {}): Promise<PretrainedFolder> {
  if (/^https?:/i.test(String(path))) return loadUrl(path, options);
  const { maxBytes, ...reading } = checkOptions("loadFolder", options, loadFolderOptionNames);
  reading.signal?.throwIfAborted();
  const weights = await findWeights(path instanceof URL ? fileURLToPath(path) : path);
  return loadFrom(diskFolder(dirname(weights)), () => openSafetensorsFile(weights, { maxBytes, signal: reading.signal }), reading);
}

function diskFolder(folder: string): FolderSource {
  const at = (name: string) => join(folder, name);
  return { folder, at, read: (name, maxBytes) => readSmallFile(name, at(name), maxBytes) };
}

async function readSmallFile(name: string, path: string, maxBytes: number): Promise<FoundFile> {
  const found = await stat(path).catch((error: NodeJS.ErrnoException) => error);
  if (found instanceof Error) {
    const isAbsent = found.code === "ENOENT" && (await stat(dirname(path)).then(Boolean, () => false));
    return isAbsent ? { absent: "ENOENT" } : refuseRead(name, maxBytes, `${path} (${found.code})`);
  }
  if (!found.isFile()) refuseRead(name, maxBytes, `${path}, which is not a file`);
  if (found.size > maxBytes) refuseRead(name, maxBytes, `${path} of ${found.size} bytes`);
  const bytes = await readFile(path).catch((error: NodeJS.ErrnoException) => refuseRead(name, maxBytes, `${path} (${error.code})`));
  return { bytes };
}

async function findWeights(path: string): Promise<string> {
  const found = await stat(path).catch((error: NodeJS.ErrnoException) => refusePath(`${path} (${error.code})`));
  if (found.isDirectory()) return weightsIn(path);
  return isWeights(path) ? path : refusePath(path, path);
}

async function weightsIn(folder: string): Promise<string> {
  const names = await readdir(folder).catch((error: NodeJS.ErrnoException) => refusePath(`${folder} (${error.code})`));
  const name = weightNames.find((each) => names.includes(each));
  if (name !== undefined) return join(folder, name);
  const other = names.toSorted().find((each) => each.endsWith(".safetensors") || foreign.test(each));
  return refusePath(`${folder}, which has ${other ?? "no weights"}`, other);
}

function refusePath(received: string, weights = ""): never {
  const expected = `a folder with ${weightNames.join(" or ")}, or the path of such a file`;
  const otherName = weights.endsWith(".safetensors") ? "give the path of that file" : undefined;
  const otherFormat = foreign.test(weights) ? "save the model as safetensors, with save_pretrained of transformers" : undefined;
  return refuse(ValueError, "loadFolder", "path", expected, received, otherName ?? otherFormat);
}
