import { clip, displayWidth, padLeft, padRight } from "./display-width.js";
import type { Page } from "./page.js";

/** A column: its title, and where its cells stand; "left" unless given. */
export interface Column {
  readonly title: string;
  readonly align?: "left" | "right";
}

const gap = "  ";

/** A table two spaces in; lines that are too long are cut. */
export function table({ columns: width, ink }: Page, columns: readonly Column[], rows: readonly (readonly string[])[]): string[] {
  const titles = columns.map(({ title }) => title);
  const widths = columns.map((_, index) => Math.max(...[titles, ...rows].map((row) => displayWidth(row[index]!))));
  const line = (cells: readonly string[]) => {
    const placed = cells.map((cell, index) => (columns[index]!.align === "right" ? padLeft : padRight)(cell, widths[index]!));
    return clip(`${gap}${placed.join(gap)}`.trimEnd(), width);
  };
  const body = rows.map(line);
  return titles.some((title) => title !== "") ? [ink.faint(line(titles)), ...body] : body;
}
