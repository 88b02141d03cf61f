import {
  assignState,
  disposeParts,
  joinBuffers,
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
 * The base class of blocks. A subclass lists its parts; parameters, state dicts and disposal follow from them. The
 * parameters of a part are named `"<part>.<parameter>"`.
 *
 * A block that contains other blocks takes them in one object, and keeps each in a public field of the same name.
 * `replaceParts` relies on this to construct the block again with some parts replaced.
 */
export abstract class Composite {
  readonly #name: string;

  /** @param name the class name for error messages; bundlers shorten `constructor.name` */
  constructor(name: string) {
    this.#name = name;
  }

  /** The parts by name. */
  abstract parts(): Parts;

  parameters(): ParameterMap {
    return joinParameters(this.parts());
  }

  /** What is saved and loaded with the parameters but not trained, for example the codes of a quantised matrix. Most blocks have none. */
  buffers(): ParameterMap {
    return joinBuffers(this.parts());
  }

  /** A snapshot of the parameters and buffers; the caller owns its tensors. */
  stateDict(): StateDict {
    return snapshot({ ...this.parameters(), ...this.buffers() });
  }

  /**
   * Sets all parameters and buffers, or none when the state does not match.
   *
   * @throws StateDictError that lists every missing, unexpected and misshapen entry
   */
  loadStateDict(state: StateDict, options?: StateDictOptions): void {
    assignState(`${this.#name}.loadStateDict`, { ...this.parameters(), ...this.buffers() }, state, options);
  }

  /**
   * A block of the same class with some fields changed. The other fields are shared. Override this method in a class
   * whose constructor does not take its public fields by name.
   */
  remake(changed: Readonly<Record<string, unknown>>): this {
    const Class = this.constructor as new (fields: object) => this;
    return new Class(Object.assign({}, this, changed)); // the fields, by name
  }

  /** Disposes every part; in a block that `replaceParts` made, only the added parts. May be called more than once. */
  dispose(): void {
    const added = addedParts.get(this);
    const parts = namedParts(this.parts());
    disposeParts(Object.fromEntries(added === undefined ? parts : parts.filter(([, part]) => added.has(part))));
  }
}
