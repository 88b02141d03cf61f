import { readdir, readFile, stat } from "node:fs/promises";
import { dirname, join } from "node:path";
import { checkOptions, refuse, ValueError } from "@tfblocks/tensor-utils";
import type { OpenOptions, ReadOptions } from "@tfblocks/weights";
import { openSafetensorsFile } from "@tfblocks/weights/node";
import type { ModelConfig } from "../families/shared/config-reader.js";
import { loadModel, type Pretrained } from "./pretrained.js";

/** Options of {@link loadFolder}: `maxBytes` and `onProgress` as of `openSafetensors` and its reader, and a `signal` for both. */
export interface LoadFolderOptions extends OpenOptions, ReadOptions {}

/** A model and the folder that it was read from; whoever holds it disposes the model. */
export type PretrainedFolder = Pretrained & {
  /** The folder of its files, for example of `tokenizer.json`. */
  readonly folder: string;
  /** The parsed `config.json`, which also has `eos_token_id` and other fields. */
  readonly config: ModelConfig;
};

/** In the order of the search. */
const weightNames = ["model.safetensors", "model.safetensors.index.json"];

/** Weights that are not safetensors. */
const foreign = /\.(bin|ckpt|gguf|h5|msgpack|pt|pth)$/;

/** Far above the size of any config; larger files are not read. */
const maxConfigBytes = 2 ** 20;

/**
 * Loads the model of a Hugging Face folder: `config.json` with `model.safetensors`, or with the shards that
 * `model.safetensors.index.json` lists.
 *
 * @param path of the folder, or of the weights in it: a `.safetensors` file or a `.safetensors.index.json`
 * @throws ValueError when the folder lacks a file, its config is over 1 MiB or not JSON, or an option is unknown
 * @throws what {@link loadModel} and `openSafetensorsFile` throw; nothing is left open or allocated on any error
 */
export async function loadFolder(path: string, options: LoadFolderOptions = {}): Promise<PretrainedFolder> {
  const { maxBytes, onProgress, signal } = checkOptions("loadFolder", options, { maxBytes: true, onProgress: true, signal: true });
  signal?.throwIfAborted();
  const weightsPath = await findWeights(path);
  const folder = dirname(weightsPath);
  const config = await readConfigFile(join(folder, "config.json"));
  const weights = await openSafetensorsFile(weightsPath, { maxBytes, signal });
  try {
    return { ...(await loadModel({ config, weights }, { onProgress, signal })), folder, config };
  } finally {
    await weights.close();
  }
}

async function findWeights(path: string): Promise<string> {
  const found = await stat(path).catch((error: NodeJS.ErrnoException) => refusePath(`${path} (${error.code})`));
  if (found.isDirectory()) return weightsIn(path);
  return /\.safetensors(\.index\.json)?$/.test(path) ? path : refusePath(path, path);
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

async function readConfigFile(path: string): Promise<ModelConfig> {
  const found = await stat(path).catch((error: NodeJS.ErrnoException) => refuseConfig(`${path} (${error.code})`));
  if (!found.isFile()) refuseConfig(`${path}, which is not a file`);
  if (found.size > maxConfigBytes) refuseConfig(`${path} of ${found.size} bytes`);
  const text = await readFile(path, "utf8").catch((error: NodeJS.ErrnoException) => refuseConfig(`${path} (${error.code})`));
  try {
    return JSON.parse(text) as ModelConfig; // loadModel checks that it is an object
  } catch {
    return refuseConfig(`${path}, which is not JSON`);
  }
}

function refuseConfig(received: string): never {
  return refuse(ValueError, "loadFolder", "config.json", `JSON of at most ${maxConfigBytes} bytes beside the weights`, received);
}
