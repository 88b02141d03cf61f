import { refuseUnsupported } from "./fields.js";

/** A pattern of Oniguruma while it is read, character by character. */
export class PatternSource {
  readonly path: string;
  readonly #characters: readonly string[];
  #at = 0;

  constructor(path: string, pattern: string) {
    this.path = path;
    this.#characters = Array.from(pattern);
    if (this.#characters.length > 10_000) this.refuse("a pattern of more than 10,000 characters");
  }

  get isDone(): boolean {
    return this.#at >= this.#characters.length;
  }

  peek(ahead = 0): string {
    return this.#characters[this.#at + ahead] ?? "";
  }

  next(): string {
    if (this.isDone) this.refuse("a pattern that is incomplete");
    return this.#characters[this.#at++]!;
  }

  /** Reads the text if it comes next. */
  take(text: string): boolean {
    const isNext = Array.from(text).every((character, ahead) => this.peek(ahead) === character);
    if (isNext) this.#at += Array.from(text).length;
    return isNext;
  }

  /** Reads up to a character, and that one too. */
  until(end: string): string {
    let text = "";
    for (let each = this.next(); each !== end; each = this.next()) text += each;
    return text;
  }

  /** What a regular expression matches at this place, which is read; undefined if it does not match. */
  match(pattern: RegExp): RegExpExecArray | undefined {
    const found = pattern.exec(this.#characters.slice(this.#at, this.#at + 40).join(""));
    if (found === null) return undefined;
    this.#at += Array.from(found[0]).length;
    return found;
  }

  refuse(what: string): never {
    return refuseUnsupported(this.path, `a pattern with ${what}`);
  }
}

/** A character in the syntax of JavaScript, with the flag `v`. */
export const escaped = (character: string): string => `\\u{${character.codePointAt(0)!.toString(16)}}`;
