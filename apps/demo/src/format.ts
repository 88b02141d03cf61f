import { fixed, printable } from "@tfblocks/command-line";

/** Formats a number with three significant digits, for example 1.49e-7 or 0.0123; integers are left as they are. */
export function brief(value: number): string {
  return Number.isInteger(value) ? String(value) : String(Number(value.toPrecision(3)));
}

/** The first numbers of a vector, each seven characters wide. */
export function vector(values: readonly number[], count: number): string {
  const shown = values.slice(0, count).map((value) => fixed(value, 2).padStart(6));
  return `${shown.join(" ")}${values.length > count ? "  …" : ""}`;
}

/** How many numbers of a vector fit beside a label. */
export function vectorRoom(columns: number, label: number): number {
  return Math.max(2, Math.min(8, Math.floor((columns - label - 6) / 7)));
}

/** A shape on one line. */
export function shape(sizes: readonly number[]): string {
  return `[${sizes.join(",\u00a0")}]`;
}

/** Tokens with their indices, as a text that can be wrapped. */
export function tokenList(tokens: readonly string[], max = 40): string {
  const listed = tokens.slice(0, max).map((token, index) => `${index}\u00a0${printable(token)}`);
  return `${listed.join("\u00a0· ")}${tokens.length > max ? ` … (${tokens.length} in total)` : ""}`;
}

/** Formats bytes in kB or MB. */
export function bytes(count: number): string {
  return count < 1e6 ? `${(count / 1e3).toFixed(0)} kB` : `${(count / 1e6).toFixed(1)} MB`;
}
