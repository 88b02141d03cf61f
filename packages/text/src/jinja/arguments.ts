import { fail } from "./template-error.js";
import { typeName, type Value } from "./values.js";

export type NamedValues = ReadonlyMap<string, Value>;

/** The arguments of a call by the names of its parameters, as Python binds them; what is missing is undefined. */
export function bind(
  what: string,
  parameters: readonly string[],
  args: readonly Value[],
  named: NamedValues = new Map(),
): Record<string, Value | undefined> {
  if (args.length > parameters.length) fail(`${what} takes at most ${parameters.length} arguments, got ${args.length}`);
  const bound = Object.fromEntries(args.map((value, at) => [parameters[at]!, value]));
  for (const [name, value] of named) {
    if (!parameters.includes(name)) fail(`${what} has no argument "${name}"`);
    if (Object.hasOwn(bound, name)) fail(`${what} got "${name}" twice`);
    bound[name] = value;
  }
  return bound;
}

export function textArgument(what: string, value: Value | undefined, other?: string): string {
  if (value === undefined && other !== undefined) return other;
  return typeof value === "string" ? value : fail(`${what} takes a str, got ${value === undefined ? "nothing" : typeName(value)}`);
}

export function integerArgument(what: string, value: Value | undefined, other?: number): number {
  if (value === undefined && other !== undefined) return other;
  if (typeof value === "number" || typeof value === "boolean") return Number(value);
  return fail(`${what} takes an int, got ${value === undefined ? "nothing" : typeName(value)}`);
}
