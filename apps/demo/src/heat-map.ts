import { clip, displayWidth, fixed, padRight, printable } from "@tfblocks/command-line";
import { type Page, paragraph } from "./page.js";

/** The attention weights of several heads. */
export interface HeatMaps {
  readonly queryTokens: readonly string[];
  readonly keyTokens: readonly string[];
  /** `[heads][query][key]` */
  readonly weights: readonly (readonly (readonly number[])[])[];
  /** `[query][key]`, true = may attend. */
  readonly allowed: readonly (readonly boolean[])[];
}

const shades = ["  ", "░░", "▒▒", "▓▓", "██"] as const;
const masked = "··";
const mostTokens = 20;
const mostLabel = 12;
const mostHeads = 8;

/** Draws all heads on one scale, side by side if the page is wide enough. Long texts and many heads are cut, with a note. */
export function heatMaps(page: Page, maps: HeatMaps): string[] {
  const labels = rowLabels(maps.queryTokens);
  const room = Math.floor((page.columns - labels.width - 2) / 2);
  const keys = Math.max(1, Math.min(maps.keyTokens.length, mostTokens, room));
  const queries = Math.min(maps.queryTokens.length, mostTokens);
  const weights = maps.weights.slice(0, mostHeads).map((head) => head.slice(0, queries).map((row) => row.slice(0, keys)));
  const largest = Math.max(...weights.flat(2));
  const drawn = weights.map((head, index) => oneHead(page, `head ${index}`, head, maps.allowed, largest));
  const margin = ["", ...header(keys).map(() => ""), ...labels.texts].map((label) => padRight(label, labels.width));
  return [...bands(page, margin, drawn), "", ...legend(page, largest, maps), ...clippings(page, maps, queries, keys)];
}

function rowLabels(tokens: readonly string[]): { texts: string[]; width: number } {
  const texts = tokens.slice(0, mostTokens).map((token, index) => `  ${String(index).padStart(2)} ${clip(printable(token), mostLabel)} `);
  return { texts, width: Math.max(...texts.map(displayWidth)) };
}

function oneHead(
  { ink }: Page,
  title: string,
  weights: readonly (readonly number[])[],
  allowed: HeatMaps["allowed"],
  largest: number,
): string[] {
  const width = Math.max(title.length, 2 * weights[0]!.length);
  const cell = (weight: number, isAllowed: boolean) => {
    if (!isAllowed) return ink.faint(masked);
    const share = largest > 0 ? weight / largest : 0;
    return ink.shade(share, ink.hasColor ? "  " : shades[Math.round(share * (shades.length - 1))]!);
  };
  const rows = weights.map((row, query) => row.map((weight, key) => cell(weight, allowed[query]![key]!)).join(""));
  return [title, ...header(weights[0]!.length), ...rows].map((line) => padRight(line, width));
}

/** Key indices above the columns, with tens above units. */
function header(keys: number): string[] {
  const indices = Array.from({ length: keys }, (_, key) => key);
  const units = indices.map((key) => ` ${key % 10}`).join("");
  const tens = indices.map((key) => (key >= 10 && key % 10 === 0 ? ` ${key / 10}` : "  ")).join("");
  return keys > 10 ? [tens, units] : [units];
}

/** Arranges maps in rows, with the labels on the left of each row. */
function bands({ columns }: Page, margin: readonly string[], maps: readonly (readonly string[])[]): string[] {
  const width = Math.max(...maps.map((map) => displayWidth(map[0]!)));
  const perBand = Math.max(1, Math.floor((columns - margin[0]!.length) / (width + 2)));
  const lines: string[] = [];
  for (let start = 0; start < maps.length; start += perBand) {
    if (start > 0) lines.push("");
    const band = maps.slice(start, start + perBand);
    margin.forEach((label, line) => lines.push(`${label}${band.map((map) => map[line]!).join("  ")}`.trimEnd()));
  }
  return lines;
}

function legend(page: Page, largest: number, { allowed }: HeatMaps): string[] {
  const { ink } = page;
  const scale = shades.map((shade, index) => ink.shade(index / (shades.length - 1), ink.hasColor ? "  " : shade)).join("");
  const dots = allowed.some((row) => row.includes(false)) ? [`  ${ink.faint(masked)} masked, exactly 0`] : [];
  return [
    ...paragraph(page, "Rows attend to columns. All heads have the same scale, up to the largest weight shown:", { indent: 2 }),
    `  0 |${scale}| ${fixed(largest)}`,
    ...dots,
  ];
}

function clippings(page: Page, { queryTokens, keyTokens, weights }: HeatMaps, queries: number, keys: number): string[] {
  const parts = [
    [mostHeads, weights.length, "heads"],
    [queries, queryTokens.length, "rows"],
    [keys, keyTokens.length, "columns"],
  ] as const;
  const cut = parts.filter(([shown, all]) => shown < all).map(([shown, all, what]) => `${shown} of ${all} ${what}`);
  return cut.length === 0 ? [] : paragraph(page, `Shown are the first ${cut.join(", ")}.`, { indent: 2 });
}
