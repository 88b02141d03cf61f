import type { Variable } from "@tensorflow/tfjs-core";
import {
  assignState,
  type Block,
  disposeParts,
  joinParameters,
  type ParameterMap,
  snapshot,
  type StateDict,
  type StateDictOptions,
} from "./block.js";

/** What a block owns, under the names that its parameters start with; absent parts are undefined. */
export type Parts = Readonly<Record<string, Pick<Block, "parameters" | "dispose"> | Variable | undefined>>;

/** A block made of parts: its parameters are theirs, as `"<part>.<parameter>"`, or variables of its own. */
export abstract class Composite {
  readonly #name: string;

  /** @param name of the class, as errors say it: bundlers shorten the class's own */
  constructor(name: string) {
    this.#name = name;
  }

  /** The named parts. */
  abstract parts(): Parts;

  parameters(): ParameterMap {
    return joinParameters(this.parts());
  }

  /** A snapshot of the parameters, of the caller's own. */
  stateDict(): StateDict {
    return snapshot(this.parameters());
  }

  /**
   * Sets every parameter or, when anything is wrong, none.
   *
   * @throws StateDictError that names every missing, unexpected and misshapen entry
   */
  loadStateDict(state: StateDict, options?: StateDictOptions): void {
    assignState(`${this.#name}.loadStateDict`, this.parameters(), state, options);
  }

  /** Disposes every part; doing it again changes nothing. */
  dispose(): void {
    disposeParts(this.parts());
  }
}
