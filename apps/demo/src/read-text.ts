import type { Readable } from "node:stream";
import { maxCharacters } from "@tfblocks/lesson";

const patience = 1000;

/**
 * The text of a pipe or file, undefined when nothing comes out of it.
 * Stops reading where the text is too long anyway; says so when nothing comes for a second.
 */
export async function readText(stdin: Readable, progress: (message: string) => void): Promise<string | undefined> {
  const waiting = setTimeout(() => progress("waiting for a text on standard input"), patience);
  let text = "";
  try {
    stdin.setEncoding("utf8");
    for await (const chunk of stdin) {
      text += chunk;
      if (text.length > 2 * maxCharacters) break;
    }
  } finally {
    clearTimeout(waiting);
  }
  return text === "" ? undefined : text;
}
