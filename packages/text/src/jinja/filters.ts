import { bind, integerArgument, type NamedValues, textArgument } from "./arguments.js";
import type { Budget } from "./budget.js";
import { JsonWriter } from "./json-text.js";
import { type Filter, listFilters, path, spent } from "./list-filters.js";
import { textOf } from "./python-text.js";
import { capitalize, replace, splitLines, strip } from "./string-methods.js";
import { fail } from "./template-error.js";
import { Float, isTrue, Markup, numberOf, Stream, Tuple, typeName, Undefined, type Value } from "./values.js";

/** The value of `value | name(args)`. */
export function applyFilter(name: string, value: Value, args: readonly Value[], named: NamedValues, budget: Budget): Value {
  budget.spend();
  if (typeof value === "string") budget.scan(value.length);
  if (value instanceof Markup) fail("the value of the filter safe can only be written");
  const filter = Object.hasOwn(filters, name) ? filters[name]! : fail(`the filter "${name}" is not supported`);
  return filter(value, args, named, budget);
}

function ofText(name: string, change: (text: string) => string): Filter {
  return (value, args, named, budget) => {
    bind(name, [], args, named);
    return change(textOf(value, budget));
  };
}

const toJson: Filter = (value, args, named, budget) => {
  const given = bind("tojson", ["ensure_ascii", "indent", "separators", "sort_keys"], args, named);
  const { indent = null, separators = null } = given;
  if (typeof indent === "number") budget.reserve(indent);
  const step =
    indent === null ? undefined : typeof indent === "string" ? indent : " ".repeat(Math.max(0, integerArgument("tojson", indent)));
  const pair = Array.isArray(separators) ? separators : separators instanceof Tuple ? separators.items : undefined;
  if (separators !== null && pair?.length !== 2) fail("tojson takes two separators");
  const layout = {
    ascii: isTrue(given["ensure_ascii"] ?? false),
    indent: step,
    separators: pair
      ? ([textArgument("tojson", pair[0]), textArgument("tojson", pair[1])] as const)
      : ([step === undefined ? ", " : ",", ": "] as const),
    sortKeys: isTrue(given["sort_keys"] ?? false),
  };
  return new JsonWriter(layout, budget).write(value);
};

const toDefault: Filter = (value, args, named) => {
  const { default_value: other = "", boolean = false } = bind("default", ["default_value", "boolean"], args, named);
  return value instanceof Undefined || (isTrue(boolean) && !isTrue(value)) ? other : value;
};

const toLength: Filter = (value, args, named, budget) => {
  bind("length", [], args, named);
  if (value instanceof Stream) return fail("a generator has no length");
  return spent(value, budget).length;
};

const toInt: Filter = (value, args, named) => {
  const { default: other = 0, base = 10 } = bind("int", ["default", "base"], args, named);
  if (base !== 10) fail("the filter int supports base 10 alone");
  if (value instanceof Undefined) return fail(`${value.what} is undefined`);
  const number = typeof value === "string" ? numberIn(value) : numberOf(value);
  if (number === undefined || !Number.isFinite(number)) return other;
  return Number.isSafeInteger(Math.trunc(number)) ? Math.trunc(number) : fail("it makes an int beyond 2^53");
};

const toFloat: Filter = (value, args, named) => {
  const { default: other = new Float(0) } = bind("float", ["default"], args, named);
  if (value instanceof Undefined) return fail(`${value.what} is undefined`);
  const number = typeof value === "string" ? numberIn(value) : numberOf(value);
  return number === undefined ? other : new Float(number);
};

/** The number that Python's `float` reads in a text. */
function numberIn(text: string): number | undefined {
  const trimmed = strip(text, undefined, "both");
  if (/^[+-]?(inf|infinity|nan)$/i.test(trimmed)) fail(`the number "${trimmed}" is not supported`);
  const digits = String.raw`\d+(?:_\d+)*`;
  const isNumber = new RegExp(`^[+-]?(?:${digits}(?:\\.(?:${digits})?)?|\\.${digits})(?:e[+-]?${digits})?$`, "i").test(trimmed);
  return isNumber ? Number(trimmed.replaceAll("_", "")) : undefined;
}

const indent: Filter = (value, args, named, budget) => {
  const { width = 4, first = false, blank = false } = bind("indent", ["width", "first", "blank"], args, named);
  if (typeof width === "number") budget.reserve(width);
  const step = typeof width === "string" ? width : " ".repeat(integerArgument("indent", width));
  const lines = splitLines(`${textArgument("indent", value)}\n`);
  budget.reserve(lines.reduce((length, line) => length + line.length + step.length + 1, 0));
  return lines.map((line, at) => ((at === 0 ? isTrue(first) : isTrue(blank) || line !== "") ? step + line : line)).join("\n");
};

const map: Filter = (value, args, named, budget) => {
  const items = spent(value, budget);
  const [name, ...others] = args;
  if (name !== undefined) {
    return new Stream(items.map((item) => applyFilter(textArgument("map", name), item, others, named, budget)));
  }
  const { attribute, default: other } = bind("map", ["attribute", "default"], [], named);
  if (attribute === undefined) return fail("map takes the name of a filter or an attribute");
  return new Stream(items.map((item) => path(item, attribute, budget, other ?? undefined)));
};

const titled = (text: string) =>
  text
    .split(/([-\s({[<]+)/u)
    .map((part) => capitalize(part))
    .join("");

const filters: Readonly<Record<string, Filter>> = {
  ...listFilters,
  map,
  tojson: toJson,
  default: toDefault,
  d: toDefault,
  length: toLength,
  count: toLength,
  int: toInt,
  float: toFloat,
  indent,
  safe(value, args, named, budget) {
    bind("safe", [], args, named);
    return new Markup(textOf(value, budget));
  },
  string: ofText("string", (text) => text),
  upper: ofText("upper", (text) => text.toUpperCase()),
  lower: ofText("lower", (text) => text.toLowerCase()),
  title: ofText("title", titled),
  capitalize: ofText("capitalize", capitalize),
  trim(value, args, named, budget) {
    return strip(textOf(value, budget), bind("trim", ["chars"], args, named)["chars"], "both");
  },
  replace(value, args, named, budget) {
    const { old, new: replacement, count = null } = bind("replace", ["old", "new", "count"], args, named);
    const limit = count === null ? -1 : integerArgument("replace", count);
    return replace(textOf(value, budget), textArgument("replace", old), textArgument("replace", replacement), limit, budget);
  },
  abs(value, args, named) {
    bind("abs", [], args, named);
    const number = Math.abs(numberOf(value) ?? fail(`${typeName(value)} has no absolute value`));
    return value instanceof Float ? new Float(number) : number;
  },
};
