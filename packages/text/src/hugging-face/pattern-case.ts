import type { PatternSource } from "./pattern-source.js";
import { escaped } from "./pattern-source.js";

/** Letters beyond ASCII that fold to one of ASCII: the long s and the Kelvin sign. */
const alsoFolded: Readonly<Record<string, string>> = { s: "\u017f", k: "\u212a" };

/** Pairs that one character stands for when case is ignored: ß, ﬆ, ﬀ, ﬁ, ﬂ. */
const ligatures = /ss|st|ff|fi|fl/;

const isCaseless = /^[\p{P}\p{S}\p{N}\p{Lo}\p{Z}\p{Cc}]$/u;

/** A character as a member of a class that ignores case. */
export function foldedMember(source: PatternSource, character: string): string {
  const lower = character.toLowerCase();
  if (/^[a-z]$/.test(lower)) return [lower, lower.toUpperCase(), alsoFolded[lower] ?? ""].filter(Boolean).map(escaped).join("");
  if (character > "\u007f" && !isCaseless.test(character)) source.refuse(`(?i) over "${character}"`);
  return escaped(character);
}

/** A range of a class that ignores case. */
export function foldedRange(source: PatternSource, first: string, last: string): string {
  if (last > "\u007f") source.refuse("(?i) over a range beyond ASCII");
  const codes = Array.from({ length: last.codePointAt(0)! - first.codePointAt(0)! + 1 }, (_, at) => first.codePointAt(0)! + at);
  return codes.map((code) => foldedMember(source, String.fromCodePoint(code))).join("");
}

/** Refuses a run of letters that one ligature matches when case is ignored. */
export function checkLigatures(source: PatternSource, run: string): void {
  const pair = ligatures.exec(run.toLowerCase())?.[0];
  if (pair !== undefined) source.refuse(`(?i) over "${pair}"`);
}
