import type { Output } from "./streams.js";

/** Lines about what takes long: one that is rewritten on a terminal, one after another elsewhere. */
export interface Progress {
  say(message: string): void;
  /** Takes the line away again. */
  clear(): void;
}

const eraseLine = "\r\u001b[2K";

export function startProgress(output: Output): Progress {
  return {
    say: (message) => void output.write(output.isTTY ? `${eraseLine}${message} …` : `${message} …\n`),
    clear: () => void (output.isTTY && output.write(eraseLine)),
  };
}
