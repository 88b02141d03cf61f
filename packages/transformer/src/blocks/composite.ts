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
} from "@tfblocks/tensor-utils";

/** What a composite owns, under the names that its parameters start with. */
export type Parts = Readonly<Record<string, Pick<Block, "parameters" | "dispose"> | Variable | undefined>>;

/** A block made of parts: its parameters are theirs, as `"<part>.<parameter>"`. */
export abstract class Composite {
  /** The named parts; absent ones are undefined. */
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
    assignState(`${this.constructor.name}.loadStateDict`, this.parameters(), state, options);
  }

  /** Disposes every part; doing it again changes nothing. */
  dispose(): void {
    disposeParts(this.parts());
  }
}

/** Parts of a list, as `"layers.0"`, `"layers.1"`, … */
export function numbered(name: string, parts: readonly Pick<Block, "parameters" | "dispose">[]): Parts {
  return Object.fromEntries(parts.map((part, index) => [`${name}.${index}`, part]));
}
