import type { Output } from "@tfblocks/command-line";

const eraseLine = "\r\u001b[2K";

/** Shows what is being computed: one line that is rewritten on a terminal, a line for each stage elsewhere. */
export class StageLine {
  readonly #output: Output;
  #stage: string | undefined;

  constructor(output: Output) {
    this.#output = output;
  }

  show(stage: string, done: number, total: number): void {
    const count = total > 1 ? ` ${done}/${total}` : "";
    if (this.#output.isTTY) this.#output.write(`${eraseLine}${stage}${count} …`);
    else if (stage !== this.#stage) this.#output.write(`${stage} …\n`);
    this.#stage = stage;
  }

  /** Erases the line. */
  clear(): void {
    if (this.#output.isTTY) this.#output.write(eraseLine);
  }
}
