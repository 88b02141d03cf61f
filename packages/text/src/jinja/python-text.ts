import type { Budget } from "./budget.js";
import { Float, Markup, Tuple, typeName, Undefined, type Value } from "./values.js";
import { fail } from "./template-error.js";

/** `str(value)` of Python; an undefined value is empty. */
export function textOf(value: Value, budget: Budget): string {
  if (typeof value === "string") return value;
  if (value instanceof Markup) return value.text;
  return value instanceof Undefined ? "" : repr(value, budget);
}

/** `repr(value)` of Python. */
function repr(value: Value, budget: Budget, depth = 0): string {
  budget.spend();
  if (depth > 100) fail("it writes a value that is nested too deeply");
  const inner = (each: Value) => repr(each, budget, depth + 1);
  if (typeof value === "string") return quoted(value, budget);
  if (value === null) return "None";
  if (typeof value === "boolean") return value ? "True" : "False";
  if (typeof value === "number") return String(value);
  if (value instanceof Float) return floatText(value.value);
  if (value instanceof Undefined) return "Undefined";
  if (value instanceof Map) return joined("{", value, ([key, each]) => `${inner(key)}: ${inner(each)}`, "}", budget);
  if (Array.isArray(value)) return joined("[", value, inner, "]", budget);
  if (!(value instanceof Tuple)) return fail(`${typeName(value)} is not text`);
  return joined("(", value.items, inner, value.items.length === 1 ? ",)" : ")", budget);
}

function joined<T>(open: string, items: Iterable<T>, write: (item: T) => string, close: string, budget: Budget): string {
  let text = open;
  for (const item of items) text = budget.join(text, `${text === open ? "" : ", "}${write(item)}`);
  return text + close;
}

/** A float as Python writes it: 1.0, 1e-07, 1e+16. */
export function floatText(value: number): string {
  if (!Number.isFinite(value)) return Number.isNaN(value) ? "nan" : value > 0 ? "inf" : "-inf";
  if (Object.is(value, -0)) return "-0.0";
  const size = Math.abs(value);
  if (size !== 0 && (size < 1e-4 || size >= 1e16)) return value.toExponential().replace(/e([+-])(\d)$/, "e$10$2");
  const text = String(value);
  return text.includes(".") ? text : `${text}.0`;
}

const escapes: Readonly<Record<string, string>> = { "\\": "\\\\", "\n": "\\n", "\r": "\\r", "\t": "\\t" };

function quoted(text: string, budget: Budget): string {
  budget.reserve(text.length * 2);
  const quote = text.includes("'") && !text.includes('"') ? '"' : "'";
  // Python's unprintable characters: controls, formats, surrogates, unassigned ones, and blanks but for the space.
  const body = text.replaceAll(/[\\\p{C}\p{Z}']/gu, (character) => {
    if (character === " ") return character;
    if (character === "'") return quote === "'" ? "\\'" : character;
    return escapes[character] ?? escaped(character.codePointAt(0)!);
  });
  return quote + body + quote;
}

function escaped(code: number): string {
  const [letter, digits] = code < 0x100 ? ["x", 2] : code < 0x10000 ? ["u", 4] : ["U", 8];
  return `\\${letter}${code.toString(16).padStart(digits as number, "0")}`;
}
