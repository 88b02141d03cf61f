import type { OpenModel } from "../models/opened-model.js";
import type { ReadingInput } from "./reading-input.js";
import { Run } from "./run.js";

/** A run with the readings that are being computed from it. */
interface Entry {
  readonly run: Run;
  readonly input: ReadingInput;
  users: number;
}

/**
 * The runs of the current text: one without edits and one with the current edits. The others are freed as soon as nobody reads them.
 */
export class Runs {
  #entries: readonly Entry[] = [];

  /** Reads the run of an input, and makes it if need be. @throws ReadingError when the input does not fit the model */
  async read<Result>(opened: OpenModel, input: ReadingInput, read: (run: Run) => Result | Promise<Result>): Promise<Result> {
    const entry = this.#entries.find((each) => each.run.opened === opened && isSame(each.input, input)) ?? this.#start(opened, input);
    entry.users++;
    try {
      return await read(entry.run);
    } finally {
      entry.users--;
      if (entry.run.isOutdated) freeUnused(entry);
    }
  }

  /** Frees every run, those in use after the use. */
  clear(): void {
    this.#keep(() => false);
  }

  #start(opened: OpenModel, input: ReadingInput): Entry {
    this.#keep((each) => each.run.opened === opened && isSame(each.input, { ...input, edits: each.input.edits }));
    if (input.edits.length > 0) this.#keep((each) => each.input.edits.length === 0);
    const entry = { run: new Run(opened, input), input, users: 0 };
    this.#entries = [...this.#entries, entry];
    return entry;
  }

  #keep(isKept: (entry: Entry) => boolean): void {
    const dropped = this.#entries.filter((each) => !isKept(each));
    this.#entries = this.#entries.filter(isKept);
    for (const entry of dropped) {
      entry.run.outdate();
      freeUnused(entry);
    }
  }
}

function freeUnused({ run, users }: Entry): void {
  if (users === 0) run.dispose();
}

function isSame(a: ReadingInput, b: ReadingInput): boolean {
  return a.text === b.text && a.answer === b.answer && JSON.stringify(a.edits) === JSON.stringify(b.edits);
}
