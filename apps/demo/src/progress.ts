import type { Output } from "./streams.js";

/** Words about what takes long: a line that is rewritten on a terminal, elsewhere one line until it is cleared. */
export interface Progress {
  readonly say: (message: string) => void;
  /** Takes the line away, or lets the next one be said. */
  readonly clear: () => void;
}

const eraseLine = "\r\u001b[2K";

export function startProgress(output: Output): Progress {
  let said = false;
  return {
    say(message) {
      if (output.isTTY) output.write(`${eraseLine}${message} …`);
      else if (!said) output.write(`${message} …\n`);
      said = true;
    },
    clear() {
      if (output.isTTY && said) output.write(eraseLine);
      said = false;
    },
  };
}
