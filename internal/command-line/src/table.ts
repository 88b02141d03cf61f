import { clip, displayWidth, padLeft, padRight } from "./display-width.js";

/** A column; `align` is "left" by default. */
export interface Column {
  readonly title: string;
  readonly align?: "left" | "right";
}

/** The page that a table is printed on. */
export interface TablePage {
  /** Its width; infinite if nothing limits it. */
  readonly columns: number;
  /** The style of titles; default none. */
  readonly ink?: { readonly faint: (text: string) => string };
}

const gap = "  ";

/** A table, indented by two spaces. If the page is too narrow, columns continue below, next to the first column. */
export function table(page: TablePage, columns: readonly Column[], rows: readonly (readonly string[])[]): string[] {
  const widths = columns.map(({ title }, index) => Math.max(displayWidth(title), ...rows.map((row) => displayWidth(row[index]!))));
  const groups = groupsThatFit(widths, page.columns);
  return groups.flatMap((group, index) => [...(index > 0 ? [""] : []), ...lines(page, columns, rows, widths, group)]);
}

function lines(
  { columns: pageWidth, ink }: TablePage,
  columns: readonly Column[],
  rows: readonly (readonly string[])[],
  widths: readonly number[],
  group: readonly number[],
): string[] {
  const line = (cells: readonly string[]) => {
    const placed = group.map((index) => (columns[index]!.align === "right" ? padLeft : padRight)(cells[index]!, widths[index]!));
    return clip(`${gap}${placed.join(gap)}`.trimEnd(), pageWidth);
  };
  const titles = columns.map(({ title }) => title);
  return [ink?.faint(line(titles)) ?? line(titles), ...rows.map(line)];
}

/** The column indices of each table; every table starts with the first column. */
function groupsThatFit(widths: readonly number[], pageWidth: number): number[][] {
  const room = pageWidth - gap.length - widths[0]!;
  const groups: number[][] = [[0]];
  let used = 0;
  for (let index = 1; index < widths.length; index++) {
    const needed = gap.length + widths[index]!;
    if (used > 0 && used + needed > room) {
      groups.push([0]);
      used = 0;
    }
    groups.at(-1)!.push(index);
    used += needed;
  }
  return groups;
}
