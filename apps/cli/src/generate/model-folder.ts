import { readFile } from "node:fs/promises";
import { join } from "node:path";
import type { GenerationConfig } from "@tfblocks/transformer/generate";
import type { Pretrained } from "@tfblocks/transformer/hugging-face";
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
  /** The first token of the output of an encoder-decoder. */
  readonly startToken: number;
}

/**
 * Loads a model and its tokenizer from a Hugging Face folder, or from the checkpoint of a training.
 *
 * @param path the folder, or the file of its weights
 * @throws CommandError or ArgumentError if a file is missing or invalid
 */
export async function loadModelFolder(path: string, signal: AbortSignal): Promise<ModelFolder> {
  const checkpoint = await loadCheckpointFolder(path, signal);
  if (checkpoint !== undefined) return checkpoint;
  const { folder, config, ...pretrained } = await loadFolder(path, { signal });
  try {
    const generationConfig = (await readGenerationConfig(join(folder, "generation_config.json"))) ?? config;
    return {
      pretrained,
      tokenizer: await readTokenizer(join(folder, "tokenizer.json")),
      generationConfig,
      startToken: idOf(generationConfig["decoder_start_token_id"]) ?? idOf(config["decoder_start_token_id"]) ?? 0,
    };
  } catch (error) {
    pretrained.model.dispose();
    throw error;
  }
}

/** @returns undefined if there is no such file */
async function readGenerationConfig(path: string): Promise<GenerationConfig | undefined> {
  const text = await readFile(path, "utf8").catch((error: NodeJS.ErrnoException) => {
    if (error.code === "ENOENT") return undefined;
    throw new CommandError(`cannot read ${path} (${error.code})`, { cause: error });
  });
  try {
    return text === undefined ? undefined : (JSON.parse(text) as GenerationConfig);
  } catch (error) {
    throw new CommandError(`cannot read ${path}, which is not JSON`, { cause: error });
  }
}

async function readTokenizer(path: string): Promise<Tokenizer> {
  const text = await readFile(path, "utf8").catch((error: NodeJS.ErrnoException) => {
    throw new CommandError(`cannot read ${path} (${error.code}); the model needs its tokenizer`, { cause: error });
  });
  try {
    return loadTokenizer(text);
  } catch (error) {
    throw new CommandError(`cannot load the tokenizer ${path}: ${(error as Error).message}`, { cause: error });
  }
}

/** A config value that is an id, or the first of a list. */
function idOf(value: unknown): number | undefined {
  const [id] = [value].flat();
  return typeof id === "number" && Number.isInteger(id) && id >= 0 && id < 2 ** 31 ? id : undefined;
}
