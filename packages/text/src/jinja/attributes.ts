import { bind } from "./arguments.js";
import type { Budget } from "./budget.js";
import { stringMethods } from "./string-methods.js";
import { fail } from "./template-error.js";
import {
  Callable,
  type Dict,
  isEqual,
  type Key,
  Loop,
  Markup,
  Namespace,
  numberOf,
  Tuple,
  typeName,
  Undefined,
  type Value,
  View,
} from "./values.js";

/** Methods of Python's types that a template might call and that are not here: a missing method must not be an undefined value. */
const otherMethods: Readonly<Record<string, string>> = {
  str: "casefold center encode expandtabs format format_map isascii isdecimal isidentifier isnumeric isprintable istitle ljust maketrans rindex index rjust swapcase translate zfill",
  dict: "clear fromkeys pop popitem setdefault update",
  list: "append clear copy extend insert pop remove reverse sort",
  int: "as_integer_ratio bit_count bit_length conjugate denominator from_bytes imag is_integer numerator real to_bytes",
  float: "as_integer_ratio conjugate fromhex hex imag is_integer real",
};

const sequenceMethods: Readonly<Record<string, (items: readonly Value[], value: Value, budget: Budget) => Value>> = {
  count: (items, value, budget) => items.filter((item) => isEqual(item, value, budget)).length,
  index(items, value, budget) {
    const at = items.findIndex((item) => isEqual(item, value, budget));
    return at < 0 ? fail("index found no such item") : at;
  },
};

const dictMethods: Readonly<Record<string, (dict: Dict, args: readonly Value[]) => Value>> = {
  get(dict, args) {
    const { key, default: other = null } = bind("get", ["key", "default"], args);
    const wanted = keyOf(key ?? null);
    return dict.has(wanted) ? dict.get(wanted)! : other;
  },
  items: (dict) => new View([...dict].map((entry) => new Tuple(entry))),
  keys: (dict) => new View([...dict.keys()]),
  values: (dict) => new View([...dict.values()]),
  copy: (dict) => new Map(dict),
};

/** A value as the key of a dict. */
export function keyOf(value: Value): Key {
  if (typeof value === "string" || typeof value === "number") return value;
  return fail(`${typeName(value)} cannot be a key here; only str and int can`);
}

/** `value.name`: an attribute of the type comes first, then an item. */
export function attributeOf(value: Value, name: string, budget: Budget): Value {
  if (value instanceof Undefined) return fail(`${value.what} is undefined`);
  if (value instanceof Callable) return fail(`attributes of the function ${value.name} are not supported`);
  if (value instanceof Loop) return value.attribute(name) ?? missing(value, name);
  if (value instanceof Namespace) return value.attributes.get(name) ?? new Undefined(`the attribute "${name}" of a namespace`);
  return methodOf(value, name, budget) ?? (value instanceof Map ? value.get(name) : undefined) ?? missing(value, name);
}

/** `value[key]`: an item comes first, then an attribute of the type. */
export function itemOf(value: Value, key: Value, budget: Budget): Value {
  if (value instanceof Undefined) return fail(`${value.what} is undefined`);
  if (value instanceof Markup) return fail("the value of the filter safe can only be written");
  if (value instanceof Map && (typeof key === "string" || typeof key === "number") && value.has(key)) return value.get(key)!;
  const sequence = typeof value === "string" ? Array.from(value) : value instanceof Tuple ? value.items : value;
  const at = numberOf(key);
  if (Array.isArray(sequence) && at !== undefined && (typeof key === "number" || typeof key === "boolean")) {
    if (typeof value === "string") budget.scan(value.length);
    return sequence.at(at) ?? missing(value, String(at));
  }
  if (value instanceof Namespace || value instanceof Loop || value instanceof Callable) return fail(`${typeName(value)} has no items`);
  if (typeof key !== "string") return missing(value, typeName(key));
  return methodOf(value, key, budget) ?? missing(value, key);
}

function missing(value: Value, name: string): Undefined {
  if (/^__.*__$/.test(name)) fail(`the attribute "${name}" is not allowed`);
  return new Undefined(`"${name}" of a ${typeName(value)}`);
}

function methodOf(value: Value, name: string, budget: Budget): Value | undefined {
  if (value instanceof Markup) return fail("the value of the filter safe can only be written");
  const type = typeName(value);
  const unsupported = otherMethods[type === "bool" ? "int" : type]?.split(" ");
  if (unsupported?.includes(name)) return fail(`the method "${name}" of ${type} is not supported`);
  if (typeof value === "string" && Object.hasOwn(stringMethods, name)) {
    return new Callable(name, (args, named) => {
      budget.scan(value.length);
      return stringMethods[name]!(value, args, named, budget);
    });
  }
  if (value instanceof Map && Object.hasOwn(dictMethods, name)) {
    return new Callable(name, (args, named) => {
      if (named.size > 0) fail(`${name} takes no named arguments`);
      if (name !== "get" && args.length > 0) fail(`${name} takes no arguments`);
      budget.scan(value.size);
      return dictMethods[name]!(value, args);
    });
  }
  const items = Array.isArray(value) ? value : value instanceof Tuple ? value.items : undefined;
  if (!items || !Object.hasOwn(sequenceMethods, name)) return undefined;
  return new Callable(name, (args) => {
    budget.spend(items.length);
    const [wanted, ...others] = args;
    return wanted === undefined || others.length > 0 ? fail(`${name} takes one argument`) : sequenceMethods[name]!(items, wanted, budget);
  });
}
