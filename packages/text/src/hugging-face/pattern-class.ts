import { foldedMember, foldedRange } from "./pattern-case.js";
import { escaped, type PatternSource } from "./pattern-source.js";
import { asOfUnicode16, space } from "./unicode.js";

/** Options of a group. */
export interface PatternFlags {
  readonly ignoreCase: boolean;
  /** Whether `.` matches the end of a line: Oniguruma's `(?m)`. */
  readonly dotAll: boolean;
}

const hexDigit = "0-9a-fA-F";
const wordInClass = asOfUnicode16("[\\p{Alphabetic}\\p{M}\\p{Nd}\\p{Pc}]");
/** `\w` by itself also has ², ³, ¹ and the vulgar fractions of Latin 1, which `[\w]` does not have. */
export const wordCharacter: string = `[${wordInClass}\\u{b2}\\u{b3}\\u{b9}\\u{bc}-\\u{be}]`;
const digit = asOfUnicode16("\\p{Nd}");
/** Sets after a backslash; in upper case, all others. */
const shorthands: Readonly<Record<string, string>> = { s: space, d: digit, w: wordInClass, h: hexDigit };

const scripts = ["Han", "Hiragana", "Katakana", "Hangul", "Thai", "Arabic", "Latin", "Cyrillic", "Greek", "Hebrew", "Devanagari"];
const categories = "L M N P S Z C Lu Lt Lm Mn Mc Me Nd Nl No Pc Pd Ps Pe Pi Pf Po Sm Sc Sk So Zs Cc Cf Co".split(" ");
const longCategories = { letter: "L", mark: "M", number: "N", punctuation: "P", symbol: "S", separator: "Z", other: "C" };

const key = (name: string) => name.toLowerCase().replace(/[\s_-]/g, "");

/** Properties of `\p{…}`, and of `[:…:]`, by their names in lower case: those that were compared over all of Unicode. */
const properties: ReadonlyMap<string, string> = new Map([
  ...categories.map((name) => [key(name), asOfUnicode16(`\\p{${name}}`)] as const),
  ...Object.entries(longCategories).map(([name, short]) => [name, asOfUnicode16(`\\p{${short}}`)] as const),
  ...scripts.map((name) => [key(name), asOfUnicode16(`\\p{Script=${name}}`)] as const),
  ["c", `[\\p{C}[\\p{Any}--${asOfUnicode16("\\p{Any}")}]]`],
  ["ll", `[${asOfUnicode16("\\p{Ll}")}\\u{295}]`],
  ["lo", `[${asOfUnicode16("\\p{Lo}")}--\\u{295}]`],
  ["other", `[\\p{C}[\\p{Any}--${asOfUnicode16("\\p{Any}")}]]`],
  ["alpha", asOfUnicode16("\\p{Alphabetic}")],
  ["alphabetic", asOfUnicode16("\\p{Alphabetic}")],
  ["alnum", asOfUnicode16("[\\p{Alphabetic}\\p{Nd}]")],
  ["digit", digit],
  ["space", space],
  ["whitespace", space],
]);

const bracketed: ReadonlyMap<string, string> = new Map([
  ...["alpha", "alnum", "digit", "space"].map((name) => [name, properties.get(name)!] as const),
  ["punct", asOfUnicode16("[\\p{P}\\p{S}]")],
  ["lower", `[${asOfUnicode16("\\p{Lowercase}")}\\u{295}]`],
  ["upper", asOfUnicode16("\\p{Uppercase}")],
]);

/** Sets that hold no letter, so that ignoring case does not change them. */
const caseless = new Set([
  "s",
  "d",
  "n",
  "number",
  "nd",
  "digit",
  "space",
  "whitespace",
  "p",
  "punctuation",
  "z",
  "zs",
  "separator",
  "han",
]);

const controls: Readonly<Record<string, string>> = { n: "\n", t: "\t", r: "\r", f: "\f", v: "\v", a: "\u0007", e: "\u001b" };

/** A character after a backslash that stands for itself or for a control; undefined where it is none. */
export function escapedCharacter(source: PatternSource): string | undefined {
  const code = source.match(/^(?:x\{([0-9a-fA-F]{1,6})\}|x([0-9a-fA-F]{1,2})|u([0-9a-fA-F]{4}))/);
  if (code !== undefined) {
    const value = Number.parseInt(code[1] ?? code[2] ?? code[3]!, 16);
    const isCharacter = value <= 0x10ffff && !(value >= 0xd800 && value <= 0xdfff);
    // A byte above 7f in \x is part of a character in UTF-8.
    return isCharacter && !(code[2] !== undefined && value > 0x7f) ? String.fromCodePoint(value) : source.refuse(`\\${code[0]}`);
  }
  if (Object.hasOwn(controls, source.peek())) return controls[source.next()]!;
  return /^[^0-9A-Za-z]$/u.test(source.peek()) ? source.next() : undefined;
}

/** A set after a backslash, as a nested class; undefined where it is none. */
export function escapedSet(source: PatternSource, { ignoreCase }: PatternFlags, isInClass = false): string | undefined {
  const letter = source.peek();
  if (Object.hasOwn(shorthands, letter.toLowerCase())) {
    source.next();
    if (ignoreCase && !caseless.has(letter.toLowerCase())) source.refuse(`(?i) over \\${letter}`);
    const set = !isInClass && letter.toLowerCase() === "w" ? wordCharacter : shorthands[letter.toLowerCase()]!;
    return setOf(set, letter !== letter.toLowerCase());
  }
  if (letter !== "p" && letter !== "P") return undefined;
  source.next();
  if (!source.take("{")) source.refuse(`\\${letter} without a name in braces`);
  const isInverted = source.take("^");
  const name = source.until("}");
  const set = properties.get(key(name)) ?? source.refuse(`the property "${name}"`);
  if (ignoreCase && !caseless.has(key(name))) source.refuse(`(?i) over \\p{${name}}`);
  return setOf(set, isInverted !== (letter === "P"));
}

const setOf = (set: string, isNegated: boolean) => (isNegated ? `[^${set}]` : `[${set}]`);

/** A class in brackets, after the first bracket, in the syntax of JavaScript with the flag `v`. */
export function characterClass(source: PatternSource, flags: PatternFlags, depth = 0): string {
  if (depth > 20) source.refuse("classes nested more than 20 deep");
  const isNegated = source.take("^");
  if (isNegated && flags.ignoreCase) source.refuse("(?i) over a negated class");
  const operands: string[] = [];
  let members = source.peek() === "]" ? escaped(source.next()) : "";
  while (!source.take("]")) {
    if (source.take("&&")) {
      operands.push(`[${members}]`);
      members = "";
    } else members += classMember(source, flags, depth);
  }
  const content = operands.length === 0 ? members : [...operands, `[${members}]`].join("&&");
  return `[${isNegated ? "^" : ""}${content}]`;
}

function classMember(source: PatternSource, flags: PatternFlags, depth: number): string {
  if (source.peek() === "[" && source.peek(1) === ":") return bracketedSet(source, flags);
  if (source.take("[")) return characterClass(source, flags, depth + 1);
  const set = source.peek() === "\\" ? setAfterBackslash(source, flags) : undefined;
  if (set !== undefined) return set;
  const first = classCharacter(source);
  if (source.peek() !== "-" || source.peek(1) === "]") return flags.ignoreCase ? foldedMember(source, first) : escaped(first);
  source.next();
  if (source.peek() === "[" || (source.peek() === "&" && source.peek(1) === "&")) source.refuse("a range without an end");
  const last = classCharacter(source);
  if (first.codePointAt(0)! > last.codePointAt(0)!) source.refuse(`the empty range ${first}-${last}`);
  return flags.ignoreCase ? foldedRange(source, first, last) : `${escaped(first)}-${escaped(last)}`;
}

function setAfterBackslash(source: PatternSource, flags: PatternFlags): string | undefined {
  if (!/^[sdwhSDWHpP]$/.test(source.peek(1))) return undefined;
  source.next();
  const set = escapedSet(source, flags, true);
  if (source.peek() === "-" && source.peek(1) !== "]") source.refuse("a range that begins with a set");
  return set;
}

function classCharacter(source: PatternSource): string {
  const character = source.next();
  if (character !== "\\") return character;
  return escapedCharacter(source) ?? source.refuse(`\\${source.peek()} in a class`);
}

function bracketedSet(source: PatternSource, { ignoreCase }: PatternFlags): string {
  source.take("[:");
  const isNegated = source.take("^");
  const name = source.until(":");
  const set = bracketed.get(name);
  if (set === undefined || !source.take("]")) source.refuse(`[:${name}:]`);
  if (ignoreCase && !caseless.has(name)) source.refuse(`(?i) over [:${name}:]`);
  return setOf(set, isNegated);
}
