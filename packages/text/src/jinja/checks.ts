import { binary } from "./operators.js";
import type { Budget } from "./budget.js";
import { fail } from "./template-error.js";
import { textOf } from "./python-text.js";
import { isAll } from "./string-methods.js";
import { Callable, Float, isEqual, Markup, numberOf, Stream, Tuple, typeName, Undefined, type Value, View } from "./values.js";

type Check = (value: Value, budget: Budget) => boolean;

const integer = (value: Value): number => {
  const number = numberOf(value);
  return number !== undefined && !(value instanceof Float) ? number : fail(`${typeName(value)} is neither odd nor even`);
};

const isSequence: Check = (value) =>
  typeof value === "string" || Array.isArray(value) || value instanceof Tuple || value instanceof Map || value instanceof Undefined;

/** Jinja's tests of a value alone. */
const checks: Readonly<Record<string, Check>> = {
  defined: (value) => !(value instanceof Undefined),
  undefined: (value) => value instanceof Undefined,
  none: (value) => value === null,
  boolean: (value) => typeof value === "boolean",
  true: (value) => value === true,
  false: (value) => value === false,
  string: (value) => typeof value === "string",
  integer: (value) => typeof value === "number",
  float: (value) => value instanceof Float,
  number: (value) => numberOf(value) !== undefined,
  mapping: (value) => value instanceof Map,
  sequence: isSequence,
  iterable: (value, budget) => isSequence(value, budget) || value instanceof Stream || value instanceof View,
  callable: (value) => value instanceof Callable,
  odd: (value) => integer(value) % 2 !== 0,
  even: (value) => integer(value) % 2 === 0,
  lower: (value, budget) => isAll(textOf(value, budget), textOf(value, budget).toLowerCase()),
  upper: (value, budget) => isAll(textOf(value, budget), textOf(value, budget).toUpperCase()),
};

/** Jinja's tests of a value with another, and the operator that each stands for. */
const comparisons: Readonly<Record<string, string>> = {
  eq: "==",
  equalto: "==",
  "==": "==",
  ne: "!=",
  "!=": "!=",
  lt: "<",
  lessthan: "<",
  "<": "<",
  le: "<=",
  "<=": "<=",
  gt: ">",
  greaterthan: ">",
  ">": ">",
  ge: ">=",
  ">=": ">=",
  in: "in",
};

/** `value is name(args)`. */
export function check(name: string, value: Value, args: readonly Value[], budget: Budget): boolean {
  budget.spend();
  if (value instanceof Markup) fail("the value of the filter safe can only be written");
  const count = Object.hasOwn(checks, name) ? 0 : 1;
  const isKnown = count === 0 || Object.hasOwn(comparisons, name) || name === "divisibleby";
  if (!isKnown) fail(`the test "${name}" is not supported`);
  if (args.length !== count) fail(`the test "${name}" takes ${count === 0 ? "no argument" : "one argument"}, got ${args.length}`);
  if (count === 0) return checks[name]!(value, budget);
  if (name === "divisibleby") return isEqual(binary("%", value, args[0]!, budget), 0, budget);
  return binary(comparisons[name]!, value, args[0]!, budget) === true;
}
