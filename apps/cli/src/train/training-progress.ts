import type { TrainingProgress } from "@tfblocks/training";
import { duration, grouped } from "../command/format.js";
import type { Output } from "../command/surroundings.js";

const eraseLine = "\r\u001b[2K";
const betweenFrames = 100;

/** Tells how a training goes: a line that is rewritten on a terminal, elsewhere a line now and then. */
export class ProgressLine {
  readonly #output: Output;
  readonly #steps: number;
  readonly #every: number;
  #started: { readonly at: number; readonly step: number } | undefined;
  #tokens = 0;
  #shownAt = -Infinity;

  /** @param steps of the whole training; elsewhere than on a terminal a twentieth of them passes between two lines */
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

  /** Takes the line away. */
  clear(): void {
    if (this.#output.isTTY) this.#output.write(eraseLine);
  }

  #isTime(step: number, now: number): boolean {
    if (step === this.#steps) return true;
    return this.#output.isTTY ? now - this.#shownAt >= betweenFrames : step % this.#every === 0;
  }

  #secondsLeft(step: number, now: number): number | undefined {
    const { at, step: first } = this.#started!;
    if (step === first) return undefined;
    return (((now - at) / 1000) * (this.#steps - step)) / (step - first);
  }
}
