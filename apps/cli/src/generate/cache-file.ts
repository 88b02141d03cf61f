import { existsSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { dispose } from "@tensorflow/tfjs-core";
import { CommandError } from "@tfblocks/command-line";
import { type Decoder, PromptCache } from "@tfblocks/transformer/generate";
import { openSafetensors, writeSafetensors } from "@tfblocks/weights";
import { replaceFile } from "@tfblocks/weights/node";

/** Reads a prompt cache, or makes an empty one if there is no such file. @throws CommandError if the file does not fit the model */
export async function readCache(path: string, model: Decoder): Promise<PromptCache> {
  const cache = new PromptCache(model);
  if (!existsSync(path)) return cache;
  try {
    const reader = await openSafetensors(new Uint8Array(await readFile(path)));
    const state = await reader.readAll().finally(() => reader.close());
    try {
      cache.loadStateDict(state);
    } finally {
      dispose(state);
    }
    return cache;
  } catch (error) {
    throw new CommandError(`cannot use the --cache file ${path}: ${(error as Error).message}`, { cause: error });
  }
}

/** @throws CommandError if the file cannot be written */
export async function writeCache(path: string, cache: PromptCache): Promise<void> {
  const state = cache.stateDict();
  const bytes = writeSafetensors(state);
  dispose(state);
  await replaceFile(path, (file) => file.writeFile(bytes)).catch((error: NodeJS.ErrnoException) => {
    throw new CommandError(`cannot write the --cache file ${path} (${error.code})`, { cause: error });
  });
}
