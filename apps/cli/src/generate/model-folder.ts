import { readFile } from "node:fs/promises";
import { join } from "node:path";
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
  /** Tokens that end the output. */
  readonly stopTokens: readonly number[];
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
    return {
      pretrained,
      tokenizer: await readTokenizer(join(folder, "tokenizer.json")),
      stopTokens: idsIn(config["eos_token_id"]),
      startToken: idsIn(config["decoder_start_token_id"])[0] ?? 0,
    };
  } catch (error) {
    pretrained.model.dispose();
    throw error;
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

/** The ids of a config value that is one id or a list of ids; other values are ignored. */
function idsIn(value: unknown): number[] {
  return [value].flat().filter((each): each is number => Number.isInteger(each) && (each as number) >= 0 && (each as number) < 2 ** 31);
}
