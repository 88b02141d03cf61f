import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { dispose } from "@tensorflow/tfjs-core";
import { checkOptions, refuse, ValueError } from "@tfblocks/tensor-utils";
import { replaceFile, writeSafetensorsFile } from "@tfblocks/weights/node";
import type { ModelConfig } from "../families/shared/config-reader.js";
import { configText } from "./config-text.js";
import { metadata, modelConfig, type Pretrained, theirState } from "./pretrained.js";

/** Options of {@link saveFolder}. */
export interface SaveFolderOptions {
  /** Fields of `config.json` beside the sizes, or in place of their own: `{ eos_token_id: 2 }`. */
  readonly config?: ModelConfig | undefined;
  /** Gives up between two tensors, and rejects with its reason. */
  readonly signal?: AbortSignal | undefined;
}

/**
 * Saves a model as a Hugging Face folder, which transformers' `from_pretrained` and `loadFolder` read: `config.json` and
 * `model.safetensors`, the bytes of `modelFiles`, one tensor at a time. Other files in the folder stay as they are.
 *
 * An error, an abort or a full disk leaves the pair that was there before. So does a crash, unless it falls between the
 * two moments in which the weights and then the config take their places.
 *
 * @param path of the folder, which is made where there is none
 * @param pretrained borrowed until the promise settles
 * @throws ValueError when the folder cannot be made, the sizes cannot be said in a config, or an option is unknown
 * @throws DisposedError when the model was disposed, the system's error when the disk cannot be written, and the signal's reason
 */
export async function saveFolder(path: string, pretrained: Pretrained, options: SaveFolderOptions = {}): Promise<void> {
  const { config, signal } = checkOptions("saveFolder", options, { config: true, signal: true });
  signal?.throwIfAborted();
  const text = configText({ ...modelConfig(pretrained.family, pretrained.sizes), ...config });
  const state = theirState(pretrained);
  try {
    await makeFolder(path);
    await replaceFile(join(path, "config.json"), async (file) => {
      await file.writeFile(text);
      await file.sync(); // so that nothing but its name is left to write when the weights are in place
      await writeSafetensorsFile(join(path, "model.safetensors"), state, { metadata, signal });
    });
  } finally {
    dispose(state);
  }
}

async function makeFolder(path: string): Promise<void> {
  await mkdir(path, { recursive: true }).catch((error: NodeJS.ErrnoException) => {
    refuse(ValueError, "saveFolder", "path", "a folder, or a place where one can be made", `${path} (${error.code})`);
  });
}
