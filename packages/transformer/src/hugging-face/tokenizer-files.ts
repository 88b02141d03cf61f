import { lstat } from "node:fs/promises";
import { join } from "node:path";
import { replaceFile } from "@tfblocks/weights/node";
import type { FolderFiles } from "./folder-files.js";

/** The files of tokenizers, chats and generation, by the names that transformers gives them. */
const names = [
  "generation_config.json",
  "tokenizer.json",
  "tokenizer_config.json",
  "special_tokens_map.json",
  "added_tokens.json",
  "chat_template.jinja",
  "chat_template.json",
  "merges.txt",
  "vocab.json",
  "vocab.txt",
  "vocab.bpe",
  "sentencepiece.bpe.model",
  "sentencepiece.model",
  "spiece.model",
  "spm.model",
  "tokenizer.model",
  "tekken.json",
];

/** Copies the files of a loaded model's tokenizer into a folder. A file that the folder already has is left as it is. */
export async function keepTokenizerFiles(path: string, files: FolderFiles, signal?: AbortSignal): Promise<void> {
  for (const name of names) {
    signal?.throwIfAborted();
    const target = join(path, name);
    if (await exists(target)) continue;
    const bytes = await files.bytes(name);
    if (bytes !== undefined) await replaceFile(target, (file) => file.writeFile(bytes), { signal });
  }
}

async function exists(path: string): Promise<boolean> {
  return lstat(path).then(
    () => true,
    (error: NodeJS.ErrnoException) => (error.code === "ENOENT" ? false : Promise.reject(error)),
  );
}
