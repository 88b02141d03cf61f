import { checkInteger, checkOptions, type OptionNames } from "@tfblocks/tensor-utils";
import { checkString } from "../checks.js";
import { sequentialRamp } from "./color/ramps.js";
import { checkMap, type HeadMap, isAllowed } from "./head-map.js";
import { pictureTokens, type TokenOptions } from "./picture-tokens.js";
import { clip, displayWidth, padLeft, padRight } from "./text/display-width.js";

/** Options of {@link toText}. */
export interface TextOptions extends TokenOptions {
  /** A line above the map. */
  readonly title?: string | undefined;
  /** Shows weights as numbers with two digits instead of blocks; default false. */
  readonly numbers?: boolean | undefined;
  /** Colours blocks with ANSI sequences of 24 bits; default false. */
  readonly color?: boolean | undefined;
  /** The columns of the terminal, at least 20; default 80. Keys that do not fit are left out, with a note. */
  readonly width?: number | undefined;
}

const textOptionNames: OptionNames<TextOptions> = {
  rowTokens: true,
  columnTokens: true,
  title: true,
  numbers: "flag",
  color: "flag",
  width: true,
};

const shades = ["  ", "░░", "▒▒", "▓▓", "██"] as const;
const longestLabel = 16;

/**
 * A heat map for a terminal. A row attends to columns; blocks and colours cover 0 to 1, `··` is a masked cell.
 *
 * It can be read without colour. Characters that a terminal would obey are shown as pictures. Wide characters count as two
 * columns.
 *
 * @throws ShapeError when the numbers of weights, mask cells or tokens contradict the sizes of the map
 * @throws ValueError when a weight is outside 0 to 1, `width` is not an integer ≥ 20, or an option is unknown
 */
export function toText(map: HeadMap, options: TextOptions = {}): string {
  const { title, numbers = false, color = false, width = 80 } = checkOptions("toText", options, textOptionNames);
  checkMap("toText", map);
  if (title !== undefined) checkString("toText", "title", title);
  checkInteger("toText", "width", width, 20);
  const { rowLabels } = pictureTokens("toText", map, options);
  const labels = rowLabels.map((label, row) => `${padLeft(String(row), String(map.rows - 1).length)} ${clip(label, longestLabel)} `);
  const margin = labels.reduce((most, label) => Math.max(most, displayWidth(label)), 0);
  const cellWidth = numbers ? 4 : 2;
  const shown = Math.max(1, Math.min(map.columns, Math.floor((width - margin) / cellWidth)));
  const draw = numbers ? numberCell : color ? colorCell : blockCell;
  const rows = labels.map((label, row) => {
    const cells = Array.from({ length: shown }, (_, column) => cellText(map, row * map.columns + column, cellWidth, draw));
    return `${padRight(label, margin)}${cells.join("")}`.trimEnd();
  });
  const heading = columnHeading(shown, cellWidth).map((line) => " ".repeat(margin) + line);
  return [
    ...(title === undefined ? [] : [title.replace(/\p{C}/gu, "\ufffd")]),
    ...heading,
    ...rows,
    ...legend(map, shown, numbers, color),
  ].join("\n");
}

function cellText(map: HeadMap, cell: number, width: number, draw: (weight: number) => string): string {
  if (!isAllowed(map, cell)) return width === 2 ? "··" : "  ··";
  return draw(Math.min(1, Math.max(0, map.weights[cell]!)));
}

function blockCell(weight: number): string {
  return shades[Math.round(weight * (shades.length - 1))]!;
}

function numberCell(weight: number): string {
  const text = weight.toFixed(2);
  return padLeft(text.startsWith("0") ? text.slice(1) : "1.0", 4);
}

const ramp = sequentialRamp("blues", "light");

function colorCell(weight: number): string {
  return `\u001b[48;2;${ramp[Math.round(weight * 255)]!.join(";")}m  \u001b[49m`;
}

/** Indices of keys above the columns: tens above units where cells are two columns wide. */
function columnHeading(count: number, cellWidth: number): string[] {
  const indices = Array.from({ length: count }, (_, column) => column);
  if (cellWidth > 2) return [indices.map((column) => padLeft(String(column), cellWidth)).join("")];
  const units = indices.map((column) => ` ${column % 10}`).join("");
  const tens = indices.map((column) => (column >= 10 && column % 10 === 0 ? padLeft(String(column / 10), 2) : "  ")).join("");
  return count > 10 ? [tens.trimEnd(), units] : [units];
}

function legend(map: HeadMap, shown: number, numbers: boolean, color: boolean): string[] {
  const scale = Array.from(shades, (_, step) => (color ? colorCell : blockCell)(step / (shades.length - 1))).join("");
  const hasMasked =
    map.allowed !== null && Array.from({ length: map.rows * map.columns }, (_, cell) => cell).some((cell) => !isAllowed(map, cell));
  return [
    `Rows attend to columns.${numbers ? "" : ` 0 |${scale}| 1`}${hasMasked ? "  ·· masked" : ""}`,
    ...(shown < map.columns ? [`Shown are the first ${shown} of ${map.columns} columns.`] : []),
  ];
}
