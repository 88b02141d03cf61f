import {
  assignState,
  disposeParts,
  joinParameters,
  namedParts,
  type ParameterMap,
  type Parts,
  snapshot,
  type StateDict,
  type StateDictOptions,
} from "./block.js";
import { addedParts } from "./ownership.js";

/**
 * A block made of parts: its parameters are theirs, as `"<part>.<parameter>"`, or variables of its own.
 *
 * A block that holds other blocks takes them in one object whose names are those of its public fields, so that
 * `replaceParts` can make it again with some of them swapped.
 */
export abstract class Composite {
  readonly #name: string;

  /** @param name the class as errors name it; bundlers shorten the class's own name */
  constructor(name: string) {
    this.#name = name;
  }

  /** The named parts. */
  abstract parts(): Parts;

  parameters(): ParameterMap {
    return joinParameters(this.parts());
  }

  /** A snapshot of the parameters; the caller owns its tensors. */
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

  /**
   * A block of the same class with some fields changed; the others are shared. Override it in a class whose constructor
   * does not take its public fields by name.
   */
  remake(changed: Readonly<Record<string, unknown>>): this {
    const Class = this.constructor as new (fields: object) => this;
    return new Class(Object.assign({}, this, changed)); // the fields, by name
  }

  /** Disposes every part, or only the added ones where `replaceParts` made the block; doing it again changes nothing. */
  dispose(): void {
    const added = addedParts.get(this);
    const parts = namedParts(this.parts());
    disposeParts(Object.fromEntries(added === undefined ? parts : parts.filter(([, part]) => added.has(part))));
  }
}
