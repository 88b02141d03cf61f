import { checkOptions, describeValue, type OptionNames, refuse, ValueError } from "@tfblocks/tensor-utils";
import { checkString } from "../../checks.js";
import { checkMap, hasMaskedCells, type HeadMap } from "../head-map.js";
import { type PictureTokens, pictureTokens, type TokenOptions } from "../picture-tokens.js";
import { escapeHtml } from "../report/html.js";
import { widthUpTo } from "../text/display-width.js";
import { type CellBox, cellImage, cellRects, mostRects } from "./cells.js";
import { legend, legendHeight, legendWidth } from "./legend.js";
import { columnWidth, fontSize, hatch, label, px, svg, svgColors, titleLabel, titleWidth } from "./markup.js";
import { type ColorOptions, scaleOf } from "./svg-options.js";

/** Options of {@link toSvg}. */
export interface SvgOptions extends TokenOptions, ColorOptions {
  /** The name of the picture; default `"Attention"`, or `"Values"` for signed numbers. */
  readonly title?: string | undefined;
  /** What rows and columns are, for example `["token", "dimension"]`; default queries and keys, whose cells are square. */
  readonly axes?: readonly [row: string, column: string] | undefined;
  /** What the numbers are, for example `"activation"`; default `"weight"`, or `"value"` for signed numbers. */
  readonly unit?: string | undefined;
}

const svgOptionNames: OptionNames<SvgOptions> = {
  rowTokens: true,
  columnTokens: true,
  title: true,
  axes: true,
  unit: true,
  colors: true,
  tone: true,
  signed: "flag",
  limit: true,
};

const longestLabel = 16;
const slope = Math.sin(Math.PI / 3);
const padding = 10;

/**
 * One map as an SVG picture that stands alone.
 *
 * Rows are queries and columns are keys: a row attends to columns; `axes` and `unit` name other numbers. The scale of weights is always 0 to 1, that of signed
 * numbers is symmetric around 0; its legend is part of the picture. Masked cells are hatched. The title and a description
 * are read by screen readers. Beyond 64 × 64 cells, the cells are one embedded image.
 *
 * @returns the markup, from `<svg` to `</svg>`
 * @throws ShapeError when the numbers of weights, mask cells or tokens contradict the sizes of the map
 * @throws ValueError when a number is outside 0 to 1 (or not finite, for signed numbers), an option is not one of its
 *   choices or not of its type, or an option is unknown
 */
export function toSvg(map: HeadMap, options: SvgOptions = {}): string {
  const { signed = false, title = signed ? "Values" : "Attention", axes } = checkOptions("toSvg", options, svgOptionNames);
  const { unit = signed ? "value" : "weight" } = options;
  for (const [name, text] of Object.entries({ title, unit })) checkString("toSvg", name, text);
  if (axes !== undefined) checkAxes(axes);
  checkMap("toSvg", map, signed ? "signed" : "weights");
  const { scale, tone } = scaleOf("toSvg", [map], options);
  const tokens = pictureTokens("toSvg", map, options);
  const box = boxOf(map, tokens, axes === undefined);
  const [width, height] = [map.columns * box.cell, map.rows * box.rowHeight];
  const frame = `<rect x="${px(box.left)}" y="${px(box.top)}" width="${px(width)}" height="${px(height)}" fill="none" stroke="${svgColors[tone].line}"/>`;
  const bottom = box.top + height + 12;
  const body = [
    hatch(tone),
    titleLabel(title, padding),
    axisWords(axes ?? ["query", "key"], box, height),
    rowNames(tokens, box, map.rows),
    columnNames(tokens, box, map.columns),
    (map.rows * map.columns > mostRects ? cellImage : cellRects)(map, scale, tone, box),
    frame,
    legend(scale, unit, hasMaskedCells(map), tone, padding, bottom),
  ];
  const total = Math.max(box.left + width + leanOf(tokens) + padding, padding + legendWidth(scale, unit), padding + titleWidth(title));
  return svg(total, bottom + legendHeight, tone, title, describe(map, { axes, unit }, scale), body.join(""));
}

function checkAxes(axes: NonNullable<SvgOptions["axes"]>): void {
  const isPair = Array.isArray(axes) && axes.length === 2;
  if (!isPair) refuse(ValueError, "toSvg", "axes", "a name for rows and one for columns", describeValue(axes));
  axes.forEach((name, at) => checkString("toSvg", `axes[${at}]`, name));
}

function describe(
  map: HeadMap,
  { axes, unit }: Pick<SvgOptions, "axes" | "unit">,
  { min, max }: { readonly min: number; readonly max: number },
): string {
  const { rows, columns } = map;
  const masked = hasMaskedCells(map) ? " Hatched cells are masked." : "";
  const shape =
    axes === undefined
      ? `of ${rows} queries (rows) by ${columns} keys (columns): a row attends to columns`
      : `of ${rows} rows (${axes[0]}) by ${columns} columns (${axes[1]})`;
  return `Heat map ${shape}. Colours show the ${unit} from ${min} to ${max}.${masked}`;
}

/** Cells of 20 pixels, smaller from 32 tokens on: a large map is about 640 pixels wide. */
function boxOf({ rows, columns }: HeadMap, tokens: PictureTokens, isSquare: boolean): Required<CellBox> {
  const largest = Math.max(rows, columns);
  const [cell, rowHeight] = isSquare ? [edgeOf(largest), edgeOf(largest)] : [edgeOf(columns), edgeOf(rows)];
  const left = padding + 26 + longest(tokens.rowLabels) * columnWidth;
  return { left, top: 48 + longest(tokens.columnLabels) * columnWidth * slope, cell, rowHeight };
}

function edgeOf(count: number): number {
  const edge = Math.min(20, Math.max(640 / count, 0.25));
  return edge >= 3 ? Math.floor(edge) : edge;
}

function longest(labels: readonly string[]): number {
  return labels.reduce((most, text) => Math.max(most, widthUpTo(text, longestLabel)), 0);
}

/** How far the names of columns lean beyond the last column. */
function leanOf({ columnLabels }: PictureTokens): number {
  return longest(columnLabels) * columnWidth * 0.5;
}

function axisWords([row, column]: readonly [string, string], { left, top }: CellBox, height: number): string {
  const middle = top + height / 2;
  return (
    `<text x="${px(left)}" y="38" font-style="italic">${escapeHtml(column)} (column)</text>` +
    `<text x="18" y="${px(middle)}" font-style="italic" text-anchor="middle" transform="rotate(-90 18 ${px(middle)})">${escapeHtml(row)} (row)</text>`
  );
}

/** Every how many cells a name has room. */
function stepOf(cell: number): number {
  return Math.max(1, Math.ceil((fontSize + 1) / cell));
}

function rowNames({ rows, rowLabels }: PictureTokens, { left, top, rowHeight }: Required<CellBox>, count: number): string {
  let names = "";
  for (let row = 0; row < count; row += stepOf(rowHeight)) {
    const place = `x="${px(left - 5)}" y="${px(top + (row + 0.5) * rowHeight + 4)}" text-anchor="end"`;
    names += label(rowLabels[row]!, longestLabel, place, tooltipOf(rowLabels[row]!, rows[row]!));
  }
  return names;
}

function columnNames({ columns, columnLabels }: PictureTokens, { left, top, cell }: CellBox, count: number): string {
  let names = "";
  for (let column = 0; column < count; column += stepOf(cell)) {
    const [x, y] = [px(left + (column + 0.5) * cell + 3), px(top - 6)];
    const place = `x="${x}" y="${y}" transform="rotate(-60 ${x} ${y})"`;
    names += label(columnLabels[column]!, longestLabel, place, tooltipOf(columnLabels[column]!, columns[column]!));
  }
  return names;
}

/** The full token, if its label had to be cut. */
function tooltipOf(shown: string, token: string): string {
  return widthUpTo(shown, longestLabel + 1) > longestLabel ? token : shown;
}
