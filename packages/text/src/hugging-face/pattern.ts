import { checkLigatures, foldedMember } from "./pattern-case.js";
import { characterClass, escapedCharacter, escapedSet, type PatternFlags, wordCharacter } from "./pattern-class.js";
import { escaped, PatternSource } from "./pattern-source.js";

/** A part of a pattern in the syntax of JavaScript, and what decides how long it may take. */
interface Part {
  readonly source: string;
  /** Its only length, in characters, or undefined if that varies. */
  readonly length: number | undefined;
  /** Repetitions without an upper bound, in the alternative that has most. */
  readonly unbounded: number;
  /** In how many ways bounded repetitions can match. */
  readonly ways: number;
  /** The character it stands for, if it is one. */
  readonly literal?: string;
}

const maxUnbounded = 3;
const maxWays = 4096;

/**
 * Translates a pattern of Oniguruma, the regular expressions of the library, into one of JavaScript that matches the same.
 * A pattern with a construct whose meaning differs, or that may take exponential time, is refused by name.
 *
 * Source: the reference of Oniguruma (doc/RE), and the library's own results for single characters.
 *
 * @param path the path of the field, for errors
 */
export function translate(path: string, pattern: string): RegExp {
  const reader = new PatternReader(path, pattern);
  const source = reader.whole();
  try {
    return new RegExp(source, "gv");
  } catch (error) {
    return reader.refuse(`a form that JavaScript cannot express (${String(error)})`);
  }
}

const lineStart = "(?:(?<![^])|(?<=\\n)(?=[^]))";
const stringStart = "(?<![^])";
const stringEnd = "(?![^])";

class PatternReader {
  readonly #source: PatternSource;
  #groups = 0;
  #depth = 0;

  constructor(path: string, pattern: string) {
    this.#source = new PatternSource(path, pattern);
  }

  refuse(what: string): never {
    return this.#source.refuse(what);
  }

  whole(): string {
    const part = this.#alternatives({ ignoreCase: false, dotAll: false });
    if (!this.#source.isDone) this.refuse("a parenthesis that nothing opens");
    return part.source;
  }

  #alternatives(outer: PatternFlags): Part {
    const flags = this.#source.take("(?i)") ? { ...outer, ignoreCase: true } : outer;
    const parts = [this.#sequence(flags)];
    while (this.#source.take("|")) parts.push(this.#sequence(flags));
    if (parts.length === 1) return parts[0]!;
    return {
      source: parts.map(({ source }) => source).join("|"),
      length: undefined,
      unbounded: Math.max(...parts.map(({ unbounded }) => unbounded)),
      ways: parts.reduce((sum, { ways }) => sum + ways, 0),
    };
  }

  #sequence(flags: PatternFlags): Part {
    const parts: Part[] = [];
    let run = "";
    while (!this.#source.isDone && this.#source.peek() !== "|" && this.#source.peek() !== ")") {
      const part = this.#repeated(flags);
      run = part.literal === undefined ? "" : run + part.literal;
      if (flags.ignoreCase) checkLigatures(this.#source, run);
      parts.push(part);
    }
    const whole = {
      source: parts.map(({ source }) => source).join(""),
      length: parts.reduce<number | undefined>(
        (sum, { length }) => (sum === undefined || length === undefined ? undefined : sum + length),
        0,
      ),
      unbounded: parts.reduce((sum, { unbounded }) => sum + unbounded, 0),
      ways: parts.reduce((product, { ways }) => product * ways, 1),
    };
    if (whole.unbounded > maxUnbounded) this.refuse(`more than ${maxUnbounded} unbounded repetitions in a row, which may take very long`);
    if (whole.ways > maxWays) this.refuse("so many repetitions in a row that it may take very long");
    return whole;
  }

  #repeated(flags: PatternFlags): Part {
    const part = this.#atom(flags);
    const bounds = this.#allBounds();
    if (bounds === undefined) return part;
    if (part.length === 0) this.refuse("a repetition of something without length");
    const { low, high } = bounds;
    if (low > 1000 || (high !== Infinity && high > 1000)) this.refuse("more than 1000 repetitions");
    if (high > 1 && (part.length === undefined || part.unbounded > 0)) {
      this.refuse("a repetition of what varies in length, which may take exponential time");
    }
    const isLazy = this.#source.peek() === "?";
    const isPossessive = this.#source.peek() === "+";
    if (bounds.isInterval && isLazy && low === high) this.refuse("a repetition of a repetition");
    if (isLazy || isPossessive) this.#source.next();
    if (/^[*+?]$/.test(this.#source.peek()) || this.#isInterval()) this.refuse("a repetition of a repetition");
    const source = `${part.source}{${low},${high === Infinity ? "" : high}}${isLazy ? "?" : ""}`;
    if (low === high && part.length !== undefined && part.length * low > 10_000) this.refuse("more than 10,000 repetitions");
    return {
      source: isPossessive ? this.#atomic(source) : source,
      length: low === high && part.length !== undefined ? part.length * low : undefined,
      unbounded: part.unbounded + (high === Infinity ? 1 : 0),
      ways: part.ways * (high === Infinity ? 1 : high - low + 1),
    };
  }

  /** The bounds of a repetition. After an interval, + repeats it again: {1,3}+ is +. */
  #allBounds(): { low: number; high: number; isInterval: boolean } | undefined {
    const bounds = this.#bounds();
    if (bounds?.isInterval !== true || !this.#source.take("+")) return bounds;
    if (bounds.low > 1) this.refuse("a repetition of a repetition");
    return { ...bounds, high: Infinity };
  }

  #isInterval(): boolean {
    const text = Array.from({ length: 12 }, (_, ahead) => this.#source.peek(ahead)).join("");
    return /^\{(?:\d+(?:,\d*)?|,\d+)\}/.test(text);
  }

  #bounds(): { low: number; high: number; isInterval: boolean } | undefined {
    if (this.#source.take("*")) return { low: 0, high: Infinity, isInterval: false };
    if (this.#source.take("+")) return { low: 1, high: Infinity, isInterval: false };
    if (this.#source.take("?")) return { low: 0, high: 1, isInterval: false };
    const found = this.#source.match(/^\{(\d*)(,?)(\d*)\}/);
    if (found === undefined) return undefined;
    const [, first = "", comma = "", second = ""] = found;
    if (first === "" && second === "") this.refuse("an interval without numbers");
    const low = Number(first);
    const high = comma === "" ? low : second === "" ? Infinity : Number(second);
    if (high < low) this.refuse("an interval whose bounds are reversed");
    return { low, high, isInterval: true };
  }

  /** Without backtracking into it: a lookahead, whose capture is matched again. */
  #atomic(source: string): string {
    this.#groups++;
    return `(?=(?<g${this.#groups}>${source}))\\k<g${this.#groups}>`;
  }

  #atom(flags: PatternFlags): Part {
    const source = this.#source;
    const character = source.next();
    if (character === "[") return single(characterClass(source, flags));
    if (character === "(") return this.#group(flags);
    if (character === "\\") return this.#escape(flags);
    if (character === ".") return single(flags.dotAll ? "[^]" : "[^\\n]");
    if (character === "^") return anchor(lineStart);
    if (character === "$") return anchor("(?![^\\n])");
    if (/^[*+?]$/.test(character)) this.refuse("a repetition of nothing");
    return this.#literal(character, flags);
  }

  #literal(character: string, { ignoreCase }: PatternFlags): Part {
    return { ...single(ignoreCase ? `[${foldedMember(this.#source, character)}]` : escaped(character)), literal: character };
  }

  #escape(flags: PatternFlags): Part {
    const set = escapedSet(this.#source, flags);
    if (set !== undefined) return single(set);
    const character = escapedCharacter(this.#source);
    if (character !== undefined) return this.#literal(character, flags);
    const letter = this.#source.next();
    if (letter === "A") return anchor(stringStart);
    if (letter === "z") return anchor(stringEnd);
    if (letter === "Z") return anchor(`(?=\\n?${stringEnd})`);
    if (letter === "R") return { ...single("(?:\\r\\n|(?!\\r\\n)[\\n-\\r\\u{85}\\u{2028}\\u{2029}])"), length: undefined };
    if (letter !== "b" && letter !== "B") this.refuse(`\\${letter}`);
    const boundary = `(?:(?<=${wordCharacter})(?!${wordCharacter})|(?<!${wordCharacter})(?=${wordCharacter}))`;
    return anchor(letter === "b" ? boundary : `(?!${boundary})`);
  }

  #group(outer: PatternFlags): Part {
    if (++this.#depth > 50) this.refuse("groups nested more than 50 deep");
    const { open, flags, isLook, isAtomic } = this.#groupKind(outer);
    const part = this.#alternatives(flags);
    if (!this.#source.take(")")) this.refuse("a group that is not closed");
    this.#depth--;
    if (isAtomic) return { ...part, source: this.#atomic(part.source) };
    return { ...part, source: `${open}${part.source})`, length: isLook ? 0 : part.length };
  }

  #groupKind(outer: PatternFlags): { open: string; flags: PatternFlags; isLook: boolean; isAtomic: boolean } {
    const kind = (open: string, isLook = false, isAtomic = false) => ({ open, flags: outer, isLook, isAtomic });
    if (!this.#source.take("?")) return kind("(?:");
    if (this.#source.take(":")) return kind("(?:");
    if (this.#source.take(">")) return kind("", false, true);
    const look = this.#source.match(/^<?[=!]/)?.[0];
    if (look !== undefined) return kind(`(?${look}`, true);
    const options = this.#source.match(/^([im]*)(?:-([im]*))?:/);
    if (options === undefined) this.refuse(`a group that begins with (?${this.#source.peek()}`);
    const [, on = "", off = ""] = options;
    const flag = (letter: string, value: boolean) => (on.includes(letter) || value) && !off.includes(letter);
    return { ...kind("(?:"), flags: { ignoreCase: flag("i", outer.ignoreCase), dotAll: flag("m", outer.dotAll) } };
  }
}

const single = (source: string): Part => ({ source, length: 1, unbounded: 0, ways: 1 });
const anchor = (source: string): Part => ({ source, length: 0, unbounded: 0, ways: 1 });
