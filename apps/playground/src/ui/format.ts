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

const invisible = /[\p{C}\p{Z}]/u;

/** A token with its invisible characters replaced by their code points. */
export function visibleToken(token: string): string {
  return Array.from(token, (character) =>
    invisible.test(character) ? `U+${character.codePointAt(0)!.toString(16).toUpperCase().padStart(4, "0")}` : character,
  ).join("");
}
