/** Formats a number with three significant digits (more if the integer part is longer) and a typographic minus sign. */
export function formatNumber(value: number): string {
  if (value === -Infinity) return "−∞";
  if (!Number.isFinite(value)) return Number.isNaN(value) ? "NaN" : "∞";
  if (value === 0) return "0";
  return digitsOf(value, Math.abs(value)).replace(/-/g, "−");
}

function digitsOf(value: number, magnitude: number): string {
  if (magnitude < 1e-4 || magnitude >= 1e5) return value.toExponential(2);
  return magnitude < 999.5 ? value.toPrecision(3) : value.toFixed(0);
}

/** For example "1 head" or "4 heads". */
export function headCount(heads: number): string {
  return heads === 1 ? "1 head" : `${heads} heads`;
}

/** Signs for what separates words. */
const marks: Readonly<Record<string, string>> = { " ": "·", "\n": "↵", "\r": "␍", "\t": "⇥" };
const invisible = /[\p{C}\p{Z}]/u;

/** A token with marks for spaces and line breaks, and other invisible characters replaced by their code points; `∅` when it is empty. */
export function visibleToken(token: string): string {
  if (token === "") return "∅";
  return Array.from(token, (character) => (invisible.test(character) ? (marks[character] ?? codePoint(character)) : character)).join("");
}

function codePoint(character: string): string {
  return `U+${character.codePointAt(0)!.toString(16).toUpperCase().padStart(4, "0")}`;
}

/** A token and its position, for example “cat” (1). */
export function describeToken(token: string, position: number): string {
  return `“${visibleToken(token)}” (${position})`;
}
