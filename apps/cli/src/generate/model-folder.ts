import { readFile } from "node:fs/promises";
import { join } from "node:path";
import type { Pretrained } from "@tfblocks/transformer/hugging-face";
import { loadFolder } from "@tfblocks/transformer/hugging-face/node";
import { loadTokenizer } from "@tfblocks/text/hugging-face";
import type { Tokenizer } from "@tfblocks/text";
import { CommandError } from "../command/command-error.js";

/** A model with its tokenizer; whoever holds it disposes the model. */
export interface ModelFolder {
  readonly pretrained: Pretrained;
  readonly tokenizer: Tokenizer;
  /** Tokens that end a text. */
  readonly stopTokens: readonly number[];
  /** What an encoder-decoder's answer starts with. */
  readonly startToken: number;
}

/**
 * Loads a Hugging Face folder, given by its path or by that of its weights, with its tokenizer.
 *
 * @throws CommandError, ArgumentError in one sentence where a file is missing, foreign or broken
 */
export async function loadModelFolder(path: string, signal: AbortSignal): Promise<ModelFolder> {
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
    throw new CommandError(`${path} must be a readable file beside the weights, got ${error.code}`, { cause: error });
  });
  try {
    return loadTokenizer(text);
  } catch (error) {
    throw new CommandError(`${path} must describe a tokenizer that can be read (${(error as Error).message})`, { cause: error });
  }
}

/** One id or a list of them; anything else counts as none. */
function idsIn(value: unknown): number[] {
  return [value].flat().filter((each): each is number => Number.isInteger(each) && (each as number) >= 0 && (each as number) < 2 ** 31);
}
