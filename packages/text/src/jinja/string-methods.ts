import { bind, integerArgument, type NamedValues, textArgument } from "./arguments.js";
import type { Budget } from "./budget.js";
import { textOf } from "./python-text.js";
import { fail } from "./template-error.js";
import { itemsOf, Tuple, typeName, type Value } from "./values.js";

type Method = (text: string, args: readonly Value[], named: NamedValues, budget: Budget) => Value;

/** Blanks of Python's `str.isspace`, which are not those of JavaScript. */
const blank = String.raw`[\t-\r\x1c-\x20\x85\xa0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000]`;
const blanksBefore = new RegExp(`^${blank}+`);
const word = new RegExp(`(?:(?!${blank})[^])+`, "g");
const isBlank = new RegExp(blank);
const lineEnd = new RegExp(String.raw`\r\n|[\n\v\f\r\x1c-\x1e\x85\u2028\u2029]`);

export type Side = "both" | "left" | "right";

/** `str.strip(characters)`, on one side or both. */
export function strip(text: string, characters: Value | undefined, side: Side): string {
  const isStripped =
    characters === undefined || characters === null
      ? (character: string) => isBlank.test(character)
      : (character: string) => textArgument("strip", characters).includes(character);
  const points = Array.from(text);
  let [start, end] = [0, points.length];
  if (side !== "right") while (start < end && isStripped(points[start]!)) start++;
  if (side !== "left") while (end > start && isStripped(points[end - 1]!)) end--;
  return start === 0 && end === points.length ? text : points.slice(start, end).join("");
}

const stripper =
  (name: string, side: Side): Method =>
  (text, args, named) =>
    strip(text, bind(name, ["chars"], args, named)["chars"], side);

/** `str.replace(old, new, count)`; the length of the result is checked before it is made. */
export function replace(text: string, old: string, replacement: string, count: number, budget: Budget): string {
  const pieces = old === "" ? ["", ...Array.from(text), ""] : text.split(old);
  const times = Math.min(pieces.length - 1, count < 0 ? Infinity : count);
  budget.reserve(text.length + times * replacement.length);
  return pieces.map((piece, at) => (at === 0 ? piece : (at <= times ? replacement : old) + piece)).join("");
}

function split(text: string, separator: Value | undefined, limit: number): string[] {
  if (separator === undefined || separator === null) return splitWords(text, limit);
  const by = textArgument("split", separator);
  if (by === "") fail("split takes a separator that is not empty");
  const parts = text.split(by);
  return limit < 0 || parts.length <= limit + 1 ? parts : [...parts.slice(0, limit), parts.slice(limit).join(by)];
}

function splitWords(text: string, limit: number): string[] {
  const rest = text.replace(blanksBefore, "");
  const words = [...rest.matchAll(word)];
  if (limit < 0 || words.length <= limit) return words.map(([each]) => each);
  return [...words.slice(0, limit).map(([each]) => each), rest.slice(words[limit]!.index)];
}

function splitRight(text: string, separator: Value | undefined, limit: number): string[] {
  if (limit < 0) return split(text, separator, limit);
  const by = textArgument("rsplit", separator); // without a separator and with a limit nobody uses it
  if (by === "") fail("rsplit takes a separator that is not empty");
  const parts = text.split(by);
  const kept = Math.max(1, parts.length - limit);
  return [parts.slice(0, kept).join(by), ...parts.slice(kept)];
}

function affixTest(name: string, test: (text: string, affix: string) => boolean): Method {
  return (text, args, named) => {
    const { affix } = bind(name, ["affix"], args, named);
    const affixes = affix instanceof Tuple ? affix.items : [affix];
    return affixes.some((each) => test(text, textArgument(name, each)));
  };
}

/** The position in code points, which Python counts in; -1 if there is none. */
const pointsBefore = (text: string, at: number): number => (at < 0 ? -1 : Array.from(text.slice(0, at)).length);

function partition(text: string, by: string, at: number): Tuple {
  if (by === "") fail("partition takes a separator that is not empty");
  return new Tuple([text.slice(0, at), by, text.slice(at + by.length)]);
}

/** The lines of a text, without an empty one at the end. */
export function splitLines(text: string): string[] {
  const lines = text.split(lineEnd);
  return lines.at(-1) === "" ? lines.slice(0, -1) : lines;
}

/** First letter large, all others small. */
export const capitalize = (text: string): string => {
  const [first = "", ...others] = Array.from(text);
  return large(first) + others.join("").toLowerCase();
};

/** A character as the first of a word: "ß" is "Ss". */
const large = (character: string): string => {
  const [first = "", ...others] = Array.from(character.toUpperCase());
  return first + others.join("").toLowerCase();
};

const isCased = (character: string): boolean => character.toLowerCase() !== character.toUpperCase();

function titled(text: string): string {
  let isInside = false;
  return Array.from(text, (character) => {
    const written = isInside ? character.toLowerCase() : large(character);
    isInside = isCased(character);
    return written;
  }).join("");
}

const hasOnly =
  (pattern: RegExp): Method =>
  (text) =>
    pattern.test(text);

const one = (name: string, args: readonly Value[]): string => textArgument(name, bind(name, ["value"], args)["value"]);

/** `str.islower`, `str.isupper`: there is a cased character, and all of them are such. */
export const isAll = (text: string, cased: string): boolean => text === cased && isCased(text);

export const stringMethods: Readonly<Record<string, Method>> = {
  strip: stripper("strip", "both"),
  lstrip: stripper("lstrip", "left"),
  rstrip: stripper("rstrip", "right"),
  split(text, args, named) {
    const { sep, maxsplit } = bind("split", ["sep", "maxsplit"], args, named);
    return split(text, sep, integerArgument("split", maxsplit, -1));
  },
  rsplit(text, args, named) {
    const { sep, maxsplit } = bind("rsplit", ["sep", "maxsplit"], args, named);
    return splitRight(text, sep, integerArgument("rsplit", maxsplit, -1));
  },
  splitlines(text, args) {
    if (args.length > 0) fail("splitlines takes no arguments here");
    return splitLines(text);
  },
  partition(text, args) {
    const by = one("partition", args);
    const at = text.indexOf(by);
    return at < 0 ? new Tuple([text, "", ""]) : partition(text, by, at);
  },
  rpartition(text, args) {
    const by = one("rpartition", args);
    const at = text.lastIndexOf(by);
    return at < 0 ? new Tuple(["", "", text]) : partition(text, by, at);
  },
  startswith: affixTest("startswith", (text, affix) => text.startsWith(affix)),
  endswith: affixTest("endswith", (text, affix) => text.endsWith(affix)),
  removeprefix: (text, args) => (text.startsWith(one("removeprefix", args)) ? text.slice(one("removeprefix", args).length) : text),
  removesuffix(text, args) {
    const suffix = one("removesuffix", args);
    return text.endsWith(suffix) ? text.slice(0, text.length - suffix.length) : text;
  },
  replace(text, args, named, budget) {
    const { old, new: replacement, count } = bind("replace", ["old", "new", "count"], args, named);
    const limit = integerArgument("replace", count, -1);
    return replace(text, textArgument("replace", old), textArgument("replace", replacement), limit, budget);
  },
  join(text, [items, ...others], _named, budget) {
    if (items === undefined || others.length > 0) fail("join takes one argument");
    return joinTexts(itemsOf(items), text, budget);
  },
  find: (text, args) => pointsBefore(text, text.indexOf(one("find", args))),
  rfind: (text, args) => pointsBefore(text, text.lastIndexOf(one("rfind", args))),
  count(text, args) {
    const part = one("count", args);
    return part === "" ? Array.from(text).length + 1 : text.split(part).length - 1;
  },
  upper: (text) => text.toUpperCase(),
  lower: (text) => text.toLowerCase(),
  title: (text) => titled(text),
  capitalize: (text) => capitalize(text),
  isspace: (text) => text !== "" && strip(text, undefined, "both") === "",
  isdigit: hasOnly(/^[\p{Nd}\xb2\xb3\xb9\u2070\u2074-\u2079\u2080-\u2089]+$/u),
  isalpha: hasOnly(/^\p{L}+$/u),
  isalnum: hasOnly(/^[\p{L}\p{N}]+$/u),
  islower: (text) => isAll(text, text.toLowerCase()),
  isupper: (text) => isAll(text, text.toUpperCase()),
};

/** `separator.join(items)`, whose items must be texts. */
function joinTexts(items: readonly Value[], separator: string, budget: Budget): string {
  const texts = items.map((item) => (typeof item === "string" ? item : fail(`join takes str items, got ${typeName(item)}`)));
  return joinAll(texts, separator, budget);
}

/** Texts with a separator between them; the length is checked before. */
export function joinAll(texts: readonly Value[], separator: string, budget: Budget): string {
  const written = texts.map((text) => textOf(text, budget));
  budget.reserve(written.reduce((length, text) => length + text.length + separator.length, 0));
  return written.join(separator);
}
