import type { GenerationConfig } from "@tfblocks/transformer/generate";
import type { FolderFiles, Pretrained } from "@tfblocks/transformer/hugging-face";
import { loadFolder } from "@tfblocks/transformer/hugging-face/node";
import { loadTokenizer } from "@tfblocks/text/hugging-face";
import type { Tokenizer } from "@tfblocks/text";
import { CommandError } from "@tfblocks/command-line";
import { loadCheckpointFolder } from "./checkpoint-model.js";

/** A model with its tokenizer; the caller disposes the model. */
export interface ModelFolder {
  readonly pretrained: Pretrained;
  readonly tokenizer: Tokenizer;
  /** The model's `generation_config.json`, or else its `config.json`, in which older models have the same fields. */
  readonly generationConfig: GenerationConfig;
  /** The other files of the folder; undefined for a checkpoint. */
  readonly files: FolderFiles | undefined;
  /** The first token of the output of an encoder-decoder. */
  readonly startToken: number;
}

/**
 * Loads a model and its tokenizer from a Hugging Face folder, or from the checkpoint of a training.
 *
 * @param path the folder, or the file of its weights; or an https address of either
 * @throws CommandError or ArgumentError if a file is missing or invalid
 */
export async function loadModelFolder(path: string, signal: AbortSignal): Promise<ModelFolder> {
  const checkpoint = await loadCheckpointFolder(path, signal);
  if (checkpoint !== undefined) return checkpoint;
  const { folder, config, files, generationConfig: ownConfig, ...pretrained } = await loadFolder(path, { signal });
  try {
    const generationConfig = ownConfig ?? config;
    return {
      pretrained,
      tokenizer: await readTokenizer(folder, files),
      files,
      generationConfig,
      startToken: idOf(generationConfig["decoder_start_token_id"]) ?? idOf(config["decoder_start_token_id"]) ?? 0,
    };
  } catch (error) {
    pretrained.model.dispose();
    throw error;
  }
}

async function readTokenizer(folder: string, files: FolderFiles): Promise<Tokenizer> {
  const text = await files.text("tokenizer.json");
  if (text === undefined) throw new CommandError(`cannot find tokenizer.json in ${folder}; the model needs its tokenizer`);
  try {
    return loadTokenizer(text);
  } catch (error) {
    throw new CommandError(`cannot load the tokenizer.json of ${folder}: ${(error as Error).message}`, { cause: error });
  }
}

/** A config value that is an id, or the first of a list. */
function idOf(value: unknown): number | undefined {
  const [id] = [value].flat();
  return typeof id === "number" && Number.isInteger(id) && id >= 0 && id < 2 ** 31 ? id : undefined;
}
