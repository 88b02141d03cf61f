import type { Budget } from "./budget.js";
import { floatText } from "./python-text.js";
import { compare, Float, Tuple, typeName, type Value } from "./values.js";
import { fail } from "./template-error.js";

/** What `tojson` of transformers passes on to Python's `json.dumps`. */
export interface JsonLayout {
  readonly ascii: boolean;
  /** What each level is indented by; undefined for everything on one line. */
  readonly indent: string | undefined;
  /** Between items, and after a key. */
  readonly separators: readonly [string, string];
  readonly sortKeys: boolean;
}

/** `json.dumps(value)` of Python. */
export class JsonWriter {
  readonly #layout: JsonLayout;
  readonly #budget: Budget;

  constructor(layout: JsonLayout, budget: Budget) {
    this.#layout = layout;
    this.#budget = budget;
  }

  write(value: Value, depth = 0): string {
    this.#budget.spend();
    if (depth > 100) fail("tojson writes a value that is nested too deeply");
    if (typeof value === "string") return this.#string(value);
    if (value === null || typeof value === "boolean" || typeof value === "number") return String(value);
    if (value instanceof Float) return floatText(value.value).replace("inf", "Infinity").replace("nan", "NaN");
    if (value instanceof Tuple) return this.write([...value.items], depth);
    if (Array.isArray(value)) return this.#joined("[", value, (item) => this.write(item, depth + 1), "]", depth);
    if (!(value instanceof Map)) return fail(`tojson cannot write ${typeName(value)}`);
    const entries = this.#layout.sortKeys ? [...value].toSorted(([one], [other]) => compare(one, other, this.#budget)) : [...value];
    const write = ([key, item]: [string | number, Value]) =>
      `${this.#string(String(key))}${this.#layout.separators[1]}${this.write(item, depth + 1)}`;
    return this.#joined("{", entries, write, "}", depth);
  }

  #joined<T>(open: string, items: readonly T[], write: (item: T) => string, close: string, depth: number): string {
    if (items.length === 0) return open + close;
    const { indent, separators } = this.#layout;
    const newline = (levels: number) => {
      if (indent === undefined) return "";
      this.#budget.reserve(indent.length * levels);
      return `\n${indent.repeat(levels)}`;
    };
    let text = open;
    for (const [at, item] of items.entries()) {
      const start = (at > 0 ? separators[0] : "") + newline(depth + 1);
      text = this.#budget.join(text, start + write(item));
    }
    return this.#budget.join(text, newline(depth) + close);
  }

  #string(text: string): string {
    this.#budget.reserve(text.length);
    // JSON.stringify escapes lone surrogates, which Python leaves alone unless the text must be ASCII.
    const written = JSON.stringify(text).replaceAll(/(?<!\\)((?:\\\\)*)\\u(d[89a-f][\da-f]{2})/g, (_all, before: string, code: string) => {
      return before + String.fromCharCode(Number.parseInt(code, 16));
    });
    if (!this.#layout.ascii) return written;
    return written.replaceAll(/[\u007f-\uffff]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, "0")}`);
  }
}
