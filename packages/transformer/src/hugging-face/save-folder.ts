import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { dispose } from "@tensorflow/tfjs-core";
import { checkOptions, refuse, type StateDict, ValueError } from "@tfblocks/tensor-utils";
import { replaceFile, writeSafetensorsFile } from "@tfblocks/weights/node";
import type { ModelConfig } from "../families/shared/config-reader.js";
import { configText } from "./config-text.js";
import { folderConfig, type SavedModel } from "./pretrained.js";
import { savedState } from "./saved-state.js";
import { keepTokenizerFiles } from "./tokenizer-files.js";

/** Options of {@link saveFolder}. */
export interface SaveFolderOptions {
  /** Fields of `config.json` that are added to the others or replace them: `{ eos_token_id: 2 }`. */
  readonly config?: ModelConfig | undefined;
  /** Stops between two tensors and rejects with the signal's reason. */
  readonly signal?: AbortSignal | undefined;
}

/**
 * Saves a model as a Hugging Face folder, which `loadFolder` and transformers' `from_pretrained` read: `config.json` and
 * `model.safetensors`, with the bytes of `modelFiles`, written one tensor at a time. Other files in the folder are not touched.
 *
 * A quantised model is written as mlx-lm does: see `modelFiles`.
 *
 * Of a model that `loadFolder` loaded, with its `config` and `files`, two things are kept. The config keeps the fields that the sizes
 * do not determine: `pad_token_id`, `id2label`, … `generation_config.json` and the files of the tokenizer (`tokenizer.json`,
 * `tokenizer_config.json`, `vocab.txt`, `chat_template.jinja`, …) are copied from where the model was loaded; a file that the folder
 * already has is never overwritten.
 *
 * An error, an abort or a full disk leaves the old files. So does a crash, unless it comes between the renaming of the weights and
 * that of the config.
 *
 * @param path of the folder, which is created if it does not exist
 * @param pretrained of `loadFolder`, or `{ family, sizes, model }`; borrowed until the promise settles
 * @throws ValueError when the folder cannot be created, a config cannot express the sizes, the model is not what its family builds
 *   from them, or an option is unknown
 * @throws DisposedError when the model was disposed, the system's error when a file cannot be written, and the signal's reason
 */
export async function saveFolder(path: string, pretrained: SavedModel, options: SaveFolderOptions = {}): Promise<void> {
  const { config, signal } = checkOptions("saveFolder", options, { config: true, signal: true });
  signal?.throwIfAborted();
  const ofSizes = folderConfig(pretrained);
  const { weights, metadata, config: ofWeights } = savedState("saveFolder", pretrained);
  try {
    const text = configText({ ...ofSizes, ...ofWeights, ...config });
    await makeFolder(path);
    if (pretrained.files !== undefined) await keepTokenizerFiles(path, pretrained.files, signal);
    await replaceFile(join(path, "config.json"), async (file) => {
      await file.writeFile(text);
      await file.sync(); // so that only the renaming is left once the weights are in place
      await writeSafetensorsFile(join(path, "model.safetensors"), weights, { metadata, signal });
    });
  } finally {
    dispose(weights as StateDict);
  }
}

async function makeFolder(path: string): Promise<void> {
  await mkdir(path, { recursive: true }).catch((error: NodeJS.ErrnoException) => {
    refuse(ValueError, "saveFolder", "path", "a folder, or a path where one can be created", `${path} (${error.code})`);
  });
}
