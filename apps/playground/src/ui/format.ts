/** Three significant digits, with a true minus; "0" for zero and "−∞" for a forbidden score. */
export function formatNumber(value: number): string {
  if (value === -Infinity) return "−∞";
  if (!Number.isFinite(value)) return Number.isNaN(value) ? "NaN" : "∞";
  if (value === 0) return "0";
  const text = Math.abs(value) < 1e-4 || Math.abs(value) >= 1e5 ? value.toExponential(2) : value.toPrecision(3);
  return text.replace(/-/g, "−");
}

const invisible = /[\p{C}\p{Z}]/u;

/** A token as it may be printed: characters without a shape by their code point. */
export function visibleToken(token: string): string {
  return Array.from(token, (character) =>
    invisible.test(character) ? `U+${character.codePointAt(0)!.toString(16).toUpperCase().padStart(4, "0")}` : character,
  ).join("");
}
