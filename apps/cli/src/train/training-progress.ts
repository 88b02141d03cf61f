import type { TrainingProgress } from "@tfblocks/training";
import type { Output } from "@tfblocks/command-line";
import { duration, grouped } from "../format.js";

const eraseLine = "\r\u001b[2K";
/** Milliseconds between two updates of the line. */
const updatePause = 100;

/** Shows the progress of a training: one line that is rewritten on a terminal, twenty lines elsewhere. */
export class ProgressLine {
  readonly #output: Output;
  readonly #steps: number;
  readonly #every: number;
  #started: { readonly at: number; readonly step: number } | undefined;
  #tokens = 0;
  #shownAt = -Infinity;

  /** @param steps the number of steps of the whole training */
  constructor(output: Output, steps: number) {
    this.#output = output;
    this.#steps = steps;
    this.#every = Math.ceil(steps / 20);
  }

  show({ step, loss, tokensPerSecond = 0 }: TrainingProgress): void {
    const now = performance.now();
    this.#started ??= { at: now, step };
    this.#tokens = this.#tokens === 0 ? tokensPerSecond : 0.95 * this.#tokens + 0.05 * tokensPerSecond;
    if (!this.#isTime(step, now)) return;
    this.#shownAt = now;
    const left = this.#secondsLeft(step, now);
    const parts = [`step ${step}/${this.#steps}`, `loss ${loss.toFixed(4)}`, `${grouped(this.#tokens)} tokens/s`];
    const line = [...parts, ...(left === undefined ? [] : [`${duration(left)} left`])].join("   ");
    this.#output.write(this.#output.isTTY ? `${eraseLine}${line}` : `${line}\n`);
  }

  /** Erases the line. */
  clear(): void {
    if (this.#output.isTTY) this.#output.write(eraseLine);
  }

  #isTime(step: number, now: number): boolean {
    if (step === this.#steps) return true;
    return this.#output.isTTY ? now - this.#shownAt >= updatePause : step % this.#every === 0;
  }

  #secondsLeft(step: number, now: number): number | undefined {
    const { at, step: first } = this.#started!;
    if (step === first) return undefined;
    return (((now - at) / 1000) * (this.#steps - step)) / (step - first);
  }
}
