import type { Output } from "@tfblocks/command-line";

/** Progress messages: on a terminal a line that is rewritten, elsewhere only the first message until cleared. */
export interface Progress {
  readonly show: (message: string) => void;
  /** Erases the line on a terminal; elsewhere, allows the next message to be printed. */
  readonly clear: () => void;
}

const eraseLine = "\r\u001b[2K";

export function startProgress(output: Output): Progress {
  let shown = false;
  return {
    show(message) {
      if (output.isTTY) output.write(`${eraseLine}${message} …`);
      else if (!shown) output.write(`${message} …\n`);
      shown = true;
    },
    clear() {
      if (output.isTTY && shown) output.write(eraseLine);
      shown = false;
    },
  };
}
