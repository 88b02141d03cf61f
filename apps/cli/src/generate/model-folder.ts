import { readFile, stat } from "node:fs/promises";
import { dirname, join } from "node:path";
import { loadModel, type Pretrained } from "@tfblocks/transformer/hugging-face";
import { loadTokenizer } from "@tfblocks/transformer/text/hugging-face";
import type { Tokenizer } from "@tfblocks/transformer/text";
import { openSafetensorsFile } from "@tfblocks/weights/node";
import { CommandError } from "../command/command-error.js";

/** A model with its tokenizer; whoever holds it disposes the model. */
export interface LoadedFolder {
  readonly pretrained: Pretrained;
  readonly tokenizer: Tokenizer;
  /** Tokens that end a text. */
  readonly stopTokens: readonly number[];
  /** What an encoder-decoder's answer starts with. */
  readonly startToken: number;
}

const weightNames = ["model.safetensors", "model.safetensors.index.json"];

/**
 * Loads a Hugging Face folder, given by its path or by that of its weights.
 *
 * @throws CommandError, ArgumentError in one sentence where a file is missing, foreign or broken
 */
export async function loadFolder(path: string, signal: AbortSignal): Promise<LoadedFolder> {
  const weightsPath = await findWeights(path);
  const folder = dirname(weightsPath);
  const config = (await readJson(join(folder, "config.json"))) as Record<string, unknown>;
  const tokenizer = await readTokenizer(join(folder, "tokenizer.json"));
  const weights = await openSafetensorsFile(weightsPath, { signal });
  try {
    const pretrained = await loadModel({ config, weights }, { signal });
    return {
      pretrained,
      tokenizer,
      stopTokens: idsIn(config["eos_token_id"]),
      startToken: idsIn(config["decoder_start_token_id"])[0] ?? 0,
    };
  } finally {
    await weights.close();
  }
}

async function findWeights(path: string): Promise<string> {
  const found = await stat(path).catch(() => undefined);
  if (found === undefined) throw new CommandError(`--model must be a folder or a .safetensors file, got ${path}, which is not there`);
  if (found.isFile()) return weightsFile(path);
  for (const name of weightNames) {
    const inside = join(path, name);
    if ((await stat(inside).catch(() => undefined))?.isFile()) return inside;
  }
  throw new CommandError(`--model must hold ${weightNames.join(" or ")}, and ${path} does not`);
}

function weightsFile(path: string): string {
  if (/\.safetensors(\.index\.json)?$/.test(path)) return path;
  throw new CommandError(`--model must be a folder, a .safetensors file or its index, got ${path}; other formats are not read`);
}

async function readTokenizer(path: string): Promise<Tokenizer> {
  const json = await readJson(path);
  try {
    return loadTokenizer(json);
  } catch (error) {
    throw new CommandError(`${path} must describe a tokenizer that can be read (${(error as Error).message})`, { cause: error });
  }
}

async function readJson(path: string): Promise<object> {
  const text = await readFile(path, "utf8").catch((error: NodeJS.ErrnoException) => {
    throw new CommandError(`${path} must be a readable file beside the weights, got ${error.code}`, { cause: error });
  });
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value === "object" && value !== null) return value;
  } catch {
    // falls through to the sentence below
  }
  throw new CommandError(`${path} must hold a JSON object, and does not`);
}

/** One id or a list of them; anything else counts as none. */
function idsIn(value: unknown): number[] {
  return [value].flat().filter((each): each is number => Number.isInteger(each) && (each as number) >= 0 && (each as number) < 2 ** 31);
}
