/** Three significant digits, more before the point where there are, with a true minus; "−∞" for a forbidden score. */
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

const invisible = /[\p{C}\p{Z}]/u;

/** A token as it may be printed: characters without a shape by their code point. */
export function visibleToken(token: string): string {
  return Array.from(token, (character) =>
    invisible.test(character) ? `U+${character.codePointAt(0)!.toString(16).toUpperCase().padStart(4, "0")}` : character,
  ).join("");
}
