import { refuseFile } from "./safetensors-error.js";

/** A number as it is written, because a header may hold 4 but not 4.0 or 4e0. */
export class NumberLiteral {
  readonly text: string;

  constructor(text: string) {
    this.text = text;
  }
}

/** A JSON value whose objects are maps, so that no name is special; duplicate names are refused. */
export type Json = string | NumberLiteral | boolean | null | readonly Json[] | ReadonlyMap<string, Json>;

const deepest = 32;
const longestList = 4096; // shapes are short, and a parsed number takes far more memory than its text
const numberForm = /^-?(0|[1-9]\d*)(\.\d+)?([eE][+-]?\d+)?$/;
const literals: ReadonlyMap<string, boolean | null> = new Map([
  ["true", true],
  ["false", false],
  ["null", null],
]);

/**
 * Parses UTF-8 bytes as one JSON value; white space may follow it.
 *
 * @param argument the name of the bytes in error messages
 * @throws SafetensorsError of kind `json` or `duplicate`
 */
export function parseJson(argument: string, bytes: Uint8Array): Json {
  const text = decode(argument, bytes);
  const reader = new JsonReader(argument, text);
  const value = reader.value(0);
  reader.end();
  return value;
}

/** Keeps a byte order mark, which is not JSON. */
function decode(argument: string, bytes: Uint8Array): string {
  try {
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    return refuseFile("json", argument, "UTF-8", "other bytes");
  }
}

class JsonReader {
  readonly #argument: string;
  readonly #text: string;
  #at = 0;

  constructor(argument: string, text: string) {
    this.#argument = argument;
    this.#text = text;
  }

  value(depth: number): Json {
    if (depth > deepest) this.#refuse(`at most ${deepest} levels deep`);
    const first = this.#text[this.#at];
    if (first === "{") return this.#object(depth);
    if (first === "[") return this.#array(depth);
    return first === '"' ? this.#string() : this.#word();
  }

  end(): void {
    if (this.#peek() !== undefined) this.#refuse("one JSON value");
  }

  #object(depth: number): ReadonlyMap<string, Json> {
    const members = new Map<string, Json>();
    this.#list("}", () => {
      const name = this.#string();
      if (members.has(name)) refuseFile("duplicate", this.#argument, "without duplicate names", JSON.stringify(short(name)));
      this.#expect(":");
      this.#peek();
      members.set(name, this.value(depth + 1));
    });
    return members;
  }

  #array(depth: number): readonly Json[] {
    const items: Json[] = [];
    this.#list("]", () => {
      if (items.length === longestList) this.#refuse(`of lists of at most ${longestList} items`);
      items.push(this.value(depth + 1));
    });
    return items;
  }

  /** The items between brackets, separated by commas. */
  #list(close: string, item: () => void): void {
    this.#at++;
    if (this.#peek() !== close) {
      do {
        this.#peek();
        item();
      } while (this.#skip(","));
    }
    this.#expect(close);
  }

  /** Finds the end of a string, the first quote after an even run of backslashes; `JSON.parse` then decodes its escapes. */
  #string(): string {
    const start = this.#at;
    if (this.#text[start] !== '"') this.#refuse("JSON");
    let end = start + 1;
    while (end < this.#text.length && this.#text[end] !== '"') end += this.#text[end] === "\\" ? 2 : 1;
    this.#at = end + 1;
    const value = this.#unescaped(this.#text.slice(start, end + 1));
    return /\p{Surrogate}/u.test(value) ? this.#refuse("Unicode without lone surrogates") : value;
  }

  #unescaped(literal: string): string {
    try {
      return JSON.parse(literal) as string;
    } catch {
      return this.#refuse("JSON");
    }
  }

  #word(): NumberLiteral | boolean | null {
    const start = this.#at;
    while (/[\w.+-]/.test(this.#text[this.#at] ?? "")) this.#at++;
    const word = this.#text.slice(start, this.#at);
    if (numberForm.test(word)) return new NumberLiteral(word);
    const value = literals.get(word);
    return value === undefined ? this.#refuse("JSON") : value;
  }

  /** The next character that is not white space. */
  #peek(): string | undefined {
    while (isSpace(this.#text.charCodeAt(this.#at))) this.#at++;
    return this.#text[this.#at];
  }

  #skip(character: string): boolean {
    if (this.#peek() !== character) return false;
    this.#at++;
    return true;
  }

  #expect(character: string): void {
    if (!this.#skip(character)) this.#refuse("JSON");
  }

  #refuse(expected: string): never {
    refuseFile("json", this.#argument, expected, `something else at character ${Math.min(this.#at, this.#text.length)}`);
  }
}

function isSpace(code: number): boolean {
  return code === 0x20 || code === 0x0a || code === 0x0d || code === 0x09;
}

/** A name as error messages show it. */
export function short(name: string): string {
  return name.length > 60 ? `${name.slice(0, 57)}...` : name;
}
