import { nearestNames } from "./suggest-names.js";

/** Whether a dotted name matches a pattern, in which `*` stands for one word. */
export function matches(pattern: string, name: string): boolean {
  const [expected, words] = [pattern.split("."), name.split(".")];
  return expected.length === words.length && startsWith(words, expected);
}

/**
 * What was probably meant by a pattern that matches no part, as the advice of an error: the name with the first wrong words corrected, or
 * else the parts that exist where the first wrong word is.
 *
 * @param names every part
 */
export function partsNear(pattern: string, names: readonly string[]): string {
  if (names.some((name) => matches(pattern, name))) return `did you mean ${JSON.stringify(pattern)}?`;
  const words = pattern.split(".");
  const { prefix, next } = knownWords(words, names);
  const wrong = words[prefix.length];
  const [nearest] = wrong === undefined || isIndex(wrong) ? [] : nearestNames(wrong, next);
  if (nearest === undefined) return listed(prefix.join("."), next);
  return partsNear(words.with(prefix.length, nearest).join("."), names);
}

/** The longest prefix of a pattern that exists, and the words that follow it in names. */
function knownWords(pattern: readonly string[], names: readonly string[]): { prefix: readonly string[]; next: string[] } {
  const all = names.map((name) => name.split("."));
  let length = pattern.length;
  while (!all.some((words) => startsWith(words, pattern.slice(0, length)))) length--;
  const prefix = pattern.slice(0, length);
  const next = all.filter((words) => words.length > length && startsWith(words, prefix)).map((words) => words[length]!);
  return { prefix, next: [...new Set(next)] };
}

function startsWith(words: readonly string[], pattern: readonly string[]): boolean {
  return pattern.length <= words.length && pattern.every((word, index) => word === "*" || word === words[index]);
}

function listed(prefix: string, parts: readonly string[]): string {
  const where = prefix === "" ? "the parts" : `the parts of ${JSON.stringify(prefix)}`;
  if (parts.length === 0) return `${JSON.stringify(prefix)} has no parts`;
  if (parts.length > 2 && parts.every(isIndex)) return `${where} are ${parts[0]} to ${parts.at(-1)}`;
  return `${where} are ${parts.length > 12 ? `${parts.slice(0, 12).join(", ")}, …` : parts.join(", ")}`;
}

function isIndex(word: string): boolean {
  return /^\d+$/.test(word);
}
