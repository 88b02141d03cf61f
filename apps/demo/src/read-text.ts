import type { Readable } from "node:stream";
import { maxCharacters } from "@tfblocks/lesson";

/** Milliseconds before a message says that the demo waits for input. */
const messageDelay = 1000;

/**
 * Reads the text of a pipe or file; undefined if it is empty.
 * Stops reading once the text is too long. Shows a message if no text arrives for a second.
 */
export async function readText(stdin: Readable, progress: (message: string) => void): Promise<string | undefined> {
  const waiting = setTimeout(() => progress("waiting for text on standard input"), messageDelay);
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
