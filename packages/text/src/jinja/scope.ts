import { Undefined, type Value } from "./values.js";

/** The variables of a block, which also sees those around it. */
export class Scope {
  readonly variables: Map<string, Value>;
  readonly #around: Scope | undefined;

  constructor(around?: Scope, variables: Map<string, Value> = new Map()) {
    this.#around = around;
    this.variables = variables;
  }

  get(name: string): Value {
    const value = this.#find(name);
    return value === undefined ? new Undefined(`"${name}"`) : value;
  }

  #find(name: string): Value | undefined {
    const value = this.variables.get(name);
    return value === undefined && this.#around ? this.#around.#find(name) : value;
  }
}
