import { fail } from "./template-error.js";

/** How much a template may do: it is code of strangers, which may loop without end or make gigabytes. */
export class Budget {
  #steps: number;
  readonly maxSteps: number;
  readonly maxLength: number;

  constructor(maxSteps: number, maxLength: number) {
    this.maxSteps = maxSteps;
    this.maxLength = maxLength;
    this.#steps = maxSteps;
  }

  /** Takes one step, or several. */
  spend(steps = 1): void {
    this.#steps -= steps;
    if (!(this.#steps >= 0)) fail(`it takes more than ${this.maxSteps} steps`);
  }

  /** Takes the steps of reading or copying that many characters or items. */
  scan(length: number): void {
    this.spend(1 + length / 16);
  }

  /** Checks the length of a text before it is made. */
  reserve(length: number): void {
    if (!(length <= this.maxLength)) fail(`it makes a text of more than ${this.maxLength} characters`);
    this.scan(length);
  }

  /** Joining two texts copies neither, so it takes one step. */
  join(first: string, second: string): string {
    if (first.length + second.length > this.maxLength) fail(`it makes a text of more than ${this.maxLength} characters`);
    this.spend();
    return first + second;
  }
}
