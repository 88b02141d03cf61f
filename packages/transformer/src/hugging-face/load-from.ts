import type { OptionNames } from "@tfblocks/tensor-utils";
import type { OpenOptions, SafetensorsReader } from "@tfblocks/weights";
import type { ModelConfig } from "../families/shared/config-reader.js";
import { filesOf, type FolderContents, type FolderSource, readConfigFile, readGenerationConfig } from "./folder-files.js";
import { loadModel, type LoadOptions } from "./load-model.js";
import type { Pretrained } from "./pretrained.js";

/** Options of `loadFolder`: `maxBytes` as of `openSafetensors`, `onProgress` and `quantize` as of `loadModel`, and a `signal` for both. */
export interface LoadFolderOptions extends OpenOptions, LoadOptions {}

export const loadFolderOptionNames: OptionNames<LoadFolderOptions> = { maxBytes: true, onProgress: true, signal: true, quantize: true };

/** A model and the folder that it was read from; whoever holds it disposes the model. */
export type PretrainedFolder = Pretrained & FolderContents;

/** Loads the model of a folder. @param open opens its weights, once the configs are read */
export async function loadFrom(
  source: FolderSource,
  open: () => Promise<SafetensorsReader>,
  options: LoadOptions,
): Promise<PretrainedFolder> {
  const config = await readConfigFile(source, options.signal);
  const generationConfig = await readGenerationConfig(source, options.signal);
  const weights = await open();
  try {
    const pretrained = await loadModel({ config, weights }, options); // checks that the config is an object
    return { ...pretrained, folder: source.folder, config: config as ModelConfig, generationConfig, files: filesOf(source) };
  } finally {
    await weights.close();
  }
}

/** In the order of the search. */
export const weightNames = ["model.safetensors", "model.safetensors.index.json"] as const;

/** Whether a path or address is that of weights. */
export function isWeights(path: string): boolean {
  return /\.safetensors(\.index\.json)?$/.test(path);
}
