import type { Budget } from "./budget.js";
import { textOf } from "./python-text.js";
import { fail } from "./template-error.js";
import { compare, Float, isEqual, Namespace, numberOf, Stream, Tuple, typeName, Undefined, type Value, View } from "./values.js";

/** The value of `left operator right`, as Python gives it; `and` and `or` are the evaluator's. */
export function binary(operator: string, left: Value, right: Value, budget: Budget): Value {
  switch (operator) {
    case "==":
      return isEqual(left, right, budget);
    case "!=":
      return !isEqual(left, right, budget);
    case "in":
      return isIn(left, right, budget);
    case "not in":
      return !isIn(left, right, budget);
    case "~":
      return budget.join(textOf(left, budget), textOf(right, budget));
  }
  for (const side of [left, right]) if (side instanceof Undefined) fail(`${side.what} is undefined`);
  const ordered = order[operator];
  if (ordered) return ordered(compare(left, right, budget));
  const numbers = [numberOf(left), numberOf(right)] as const;
  if (numbers[0] !== undefined && numbers[1] !== undefined) {
    return calculate(operator, numbers[0], numbers[1], left instanceof Float || right instanceof Float);
  }
  if (operator === "+") return plus(left, right, budget);
  if (operator === "*" && typeof left === "string" && typeof right === "number") {
    budget.reserve(left.length * Math.max(0, right));
    return left.repeat(Math.max(0, right));
  }
  return fail(`the operator "${operator}" between ${typeName(left)} and ${typeName(right)} is not supported`);
}

const order: Readonly<Record<string, (difference: number) => boolean>> = {
  "<": (difference) => difference < 0,
  ">": (difference) => difference > 0,
  "<=": (difference) => difference <= 0,
  ">=": (difference) => difference >= 0,
};

function plus(left: Value, right: Value, budget: Budget): Value {
  if (typeof left === "string" && typeof right === "string") return budget.join(left, right);
  const lists = Array.isArray(left) && Array.isArray(right);
  if (!lists && !(left instanceof Tuple && right instanceof Tuple)) {
    return fail(`${typeName(left)} and ${typeName(right)} cannot be added`);
  }
  const [first, second] = lists ? [left, right] : [(left as Tuple).items, (right as Tuple).items];
  budget.scan(16 * (first.length + second.length));
  return lists ? [...first, ...second] : new Tuple([...first, ...second]);
}

function isIn(value: Value, container: Value, budget: Budget): boolean {
  if (typeof container === "string") {
    budget.scan(container.length);
    return typeof value === "string" ? container.includes(value) : fail(`${typeName(value)} cannot be in a str`);
  }
  if (container instanceof Map) {
    if (Array.isArray(value) || value instanceof Map) fail(`${typeName(value)} cannot be a key`);
    const key = numberOf(value) ?? value;
    return (typeof key === "string" || typeof key === "number") && container.has(key);
  }
  if (container instanceof Undefined) return false;
  const items =
    container instanceof Tuple || container instanceof View ? container.items : container instanceof Stream ? container.take() : container;
  if (!Array.isArray(items)) return fail(`${container instanceof Namespace ? "a namespace" : typeName(container)} contains nothing`);
  budget.spend(items.length);
  return items.some((item) => isEqual(item, value, budget));
}

function calculate(operator: string, left: number, right: number, isFloat: boolean): Value {
  if (/^(\/|\/\/|%)$/.test(operator) && right === 0) fail("division by zero");
  const floor = Math.floor(left / right);
  const results: Readonly<Record<string, () => number>> = {
    "+": () => left + right,
    "-": () => left - right,
    "*": () => left * right,
    "/": () => left / right,
    "//": () => floor,
    "%": () => modulo(left, right),
    "**": () => left ** right,
  };
  const result = results[operator]?.() ?? fail(`the operator "${operator}" is not supported`);
  if (isFloat || operator === "/" || (operator === "**" && right < 0)) return new Float(result);
  return Number.isSafeInteger(result) ? result : fail("it calculates an int beyond 2^53");
}

/** The remainder with the sign of the divisor, as in Python. */
function modulo(left: number, right: number): number {
  const rest = left % right;
  return rest !== 0 && rest < 0 !== right < 0 ? rest + right : rest;
}

/** `value[start:stop:step]` of Python. */
export function slice<T>(items: readonly T[], start: number | null, stop: number | null, step: number): T[] {
  if (step === 0) fail("a slice step cannot be zero");
  const clamp = (at: number | null, other: number) => {
    if (at === null) return other;
    const [least, most] = step > 0 ? [0, items.length] : [-1, items.length - 1];
    return Math.min(Math.max(at < 0 ? at + items.length : at, least), most);
  };
  const [first, last] = step > 0 ? [clamp(start, 0), clamp(stop, items.length)] : [clamp(start, items.length - 1), clamp(stop, -1)];
  const taken: T[] = [];
  for (let at = first; step > 0 ? at < last : at > last; at += step) taken.push(items[at]!);
  return taken;
}
