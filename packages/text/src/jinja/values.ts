import type { Budget } from "./budget.js";
import { fail } from "./template-error.js";

/** A value of Python in a template. A number is an int; a float is a `Float`, because `1.0` is written differently from `1`. */
export type Value =
  | string
  | number
  | boolean
  | null
  | Float
  | Undefined
  | Value[]
  | Tuple
  | Dict
  | Namespace
  | Loop
  | Stream
  | View
  | Markup
  | Callable;

export class Float {
  readonly value: number;
  constructor(value: number) {
    this.value = value;
  }
}

/** A missing variable or attribute: empty as text, and an error in most other uses. */
export class Undefined {
  readonly what: string;
  constructor(what: string) {
    this.what = what;
  }
}

export class Tuple {
  readonly items: readonly Value[];
  constructor(items: readonly Value[]) {
    this.items = items;
  }
}

export type Key = string | number;
export type Dict = Map<Key, Value>;

/** Attributes that the template may also set: `namespace()`. */
export class Namespace {
  readonly attributes: Map<string, Value>;
  constructor(attributes: Map<string, Value>) {
    this.attributes = attributes;
  }
}

/** The variable `loop`. */
export class Loop {
  readonly attribute: (name: string) => Value | undefined;
  constructor(attribute: Loop["attribute"]) {
    this.attribute = attribute;
  }
}

/** A generator of Python, which `map` and `select` give: true even if empty, and read once. */
export class Stream {
  #items: readonly Value[];
  constructor(items: readonly Value[]) {
    this.#items = items;
  }
  take(): readonly Value[] {
    const items = this.#items;
    this.#items = [];
    return items;
  }
}

/** The items, keys or values of a dict: a loop reads them, an index does not. */
export class View {
  readonly isView = true; // not a tuple, for the type checker
  readonly items: readonly Value[];
  constructor(items: readonly Value[]) {
    this.items = items;
  }
}

/** What the filter `safe` gives: text that adding to escapes HTML, so it is only for writing here. */
export class Markup {
  readonly text: string;
  constructor(text: string) {
    this.text = text;
  }
}

export class Callable {
  readonly name: string;
  readonly call: (args: readonly Value[], named: ReadonlyMap<string, Value>) => Value;
  constructor(name: string, call: Callable["call"]) {
    this.name = name;
    this.call = call;
  }
}

export function isTrue(value: Value): boolean {
  if (value instanceof Undefined) return false;
  if (value instanceof Float) return value.value !== 0;
  if (value instanceof Map) return value.size > 0;
  if (value instanceof Tuple || value instanceof View) return value.items.length > 0;
  if (value instanceof Markup) return value.text !== "";
  return Array.isArray(value) ? value.length > 0 : Boolean(value);
}

/** The type's name in Python. */
export function typeName(value: Value): string {
  if (value === null) return "None";
  if (value instanceof Undefined) return "undefined";
  if (value instanceof Float) return "float";
  if (value instanceof Map) return "dict";
  if (value instanceof Tuple) return "tuple";
  if (value instanceof Namespace) return "namespace";
  if (value instanceof Loop) return "loop";
  if (value instanceof Stream) return "generator";
  if (value instanceof View) return "view of a dict";
  if (value instanceof Callable) return "function";
  if (value instanceof Markup) return "Markup";
  if (Array.isArray(value)) return "list";
  return { string: "str", number: "int", boolean: "bool" }[typeof value as "string" | "number" | "boolean"];
}

/** An int, float or bool as a number. */
export function numberOf(value: Value): number | undefined {
  if (value instanceof Float) return value.value;
  return typeof value === "number" || typeof value === "boolean" ? Number(value) : undefined;
}

/** What a loop over the value meets. */
export function itemsOf(value: Value): readonly Value[] {
  if (Array.isArray(value)) return value;
  if (value instanceof Tuple || value instanceof View) return value.items;
  if (value instanceof Map) return [...value.keys()];
  if (value instanceof Stream) return value.take();
  if (value instanceof Undefined) return [];
  return typeof value === "string" ? Array.from(value) : fail(`${typeName(value)} is not iterable`);
}

/** `first == second` in Python. */
export function isEqual(first: Value, second: Value, budget: Budget, depth = 0): boolean {
  budget.spend();
  if (first instanceof Markup || second instanceof Markup) fail("the value of the filter safe can only be written");
  if (depth > 100) fail("it compares values that are nested too deeply");
  const [one, other] = [numberOf(first), numberOf(second)];
  if (one !== undefined && other !== undefined) return one === other;
  if (Array.isArray(first) && Array.isArray(second)) return areEqual(first, second, budget, depth);
  if (first instanceof Tuple && second instanceof Tuple) return areEqual(first.items, second.items, budget, depth);
  if (first instanceof Map && second instanceof Map) {
    const hasEqual = ([key, value]: [Key, Value]) => second.has(key) && isEqual(value, second.get(key)!, budget, depth + 1);
    return first.size === second.size && [...first].every(hasEqual);
  }
  return first === second || (first instanceof Undefined && second instanceof Undefined);
}

function areEqual(first: readonly Value[], second: readonly Value[], budget: Budget, depth: number): boolean {
  return first.length === second.length && first.every((value, at) => isEqual(value, second[at]!, budget, depth + 1));
}

/** The order of two texts, numbers or sequences: negative, 0 or positive. */
export function compare(first: Value, second: Value, budget: Budget, depth = 0): number {
  budget.spend();
  const [one, other] = [numberOf(first), numberOf(second)];
  if (one !== undefined && other !== undefined) return one - other;
  if (typeof first === "string" && typeof second === "string") return compareText(first, second);
  if (Array.isArray(first) && Array.isArray(second)) return compareItems(first, second, budget, depth);
  if (first instanceof Tuple && second instanceof Tuple) return compareItems(first.items, second.items, budget, depth);
  return fail(`${typeName(first)} and ${typeName(second)} cannot be compared`);
}

function compareItems(first: readonly Value[], second: readonly Value[], budget: Budget, depth: number): number {
  if (depth > 100) fail("it compares values that are nested too deeply");
  const at = first.findIndex((value, index) => index >= second.length || !isEqual(value, second[index]!, budget));
  if (at < 0 || at >= second.length) return first.length - second.length;
  return compare(first[at]!, second[at]!, budget, depth + 1);
}

/** Texts by their code points, as Python orders them; JavaScript orders UTF-16 units. */
function compareText(first: string, second: string): number {
  let at = 0;
  while (at < first.length && first[at] === second[at]) at++;
  if (at > 0 && /[\uD800-\uDBFF]/.test(first[at - 1]!)) at--;
  return (first.codePointAt(at) ?? -1) - (second.codePointAt(at) ?? -1);
}
