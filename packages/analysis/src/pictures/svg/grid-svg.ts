import { checkInteger, checkObject, checkOptions, describeValue, type OptionNames, refuse, ValueError } from "@tfblocks/tensor-utils";
import { checkString } from "../../checks.js";
import { checkMap, hasMaskedCells, type HeadMap } from "../head-map.js";
import { cellImage } from "./cells.js";
import { legend, legendHeight, legendWidth } from "./legend.js";
import { columnWidth, hatch, label, px, svg, titleLabel, titleWidth } from "./markup.js";
import { poolMap } from "./pool-map.js";
import { type ColorOptions, scaleOf } from "./svg-options.js";

/** One map of a grid. */
export interface GridPanel {
  /** For example `"L0·H3"`. */
  readonly title: string;
  /** A score or a label, shown below the title. */
  readonly badge?: string | undefined;
  readonly map: HeadMap;
}

/** Options of {@link gridSvg}. */
export interface GridOptions extends ColorOptions {
  /** The name of the picture. */
  readonly title: string;
  /** Pixels of a map, at least 48; default 72. */
  readonly side?: number | undefined;
}

const gridOptionNames: OptionNames<GridOptions> = { title: true, side: true, colors: true, tone: true, signed: "flag", limit: true };
const [padding, gap, head, words] = [10, 10, 34, 32];

/**
 * Small maps in rows, usually all heads of each layer, as an SVG picture. All maps have one scale and one legend.
 *
 * A map with more cells than pixels is drawn as the largest number of each block of cells. Masked cells are hatched.
 *
 * @param rows the maps of each row, usually of each layer
 * @throws ShapeError when the numbers of weights or mask cells contradict the sizes of a map
 * @throws ValueError when there is no map, a number is outside 0 to 1 (or not finite, for signed numbers), `side` is not an
 *   integer ≥ 48, or an option is unknown or not one of its choices
 */
export function gridSvg(rows: readonly (readonly GridPanel[])[], options: GridOptions): string {
  const { title, side = 72, signed = false } = checkOptions("gridSvg", options, gridOptionNames);
  checkInteger("gridSvg", "side", side, 48);
  checkString("gridSvg", "title", title);
  const panels = checkedPanels(rows, signed);
  const maps = panels.map(({ map }) => map);
  const { scale, tone } = scaleOf("gridSvg", maps, options);
  const what = signed ? "value" : "weight";
  const draw = (panel: GridPanel, row: number, column: number): string => {
    const [left, top] = [padding + column * (side + gap), head + row * (side + words + gap)];
    const map = poolMap(panel.map, side);
    const cell = side / Math.max(map.rows, map.columns);
    return cellImage(map, scale, tone, { left, top, cell }) + panelWords(panel, left, top + side, side);
  };
  const drawn = rows.flatMap((row, index) => row.map((panel, column) => draw(panel, index, column)));
  const bottom = head + rows.length * (side + words + gap);
  const hasMasked = maps.some(hasMaskedCells);
  const body = [hatch(tone), titleLabel(title, padding), ...drawn, legend(scale, what, hasMasked, tone, padding, bottom)];
  const columns = Math.max(...rows.map((row) => row.length));
  const width = Math.max(padding + columns * (side + gap), 2 * padding + legendWidth(scale, what), 2 * padding + titleWidth(title));
  const description = `${panels.length} heat maps in ${rows.length} rows on one scale: the ${what} from ${scale.min} to ${scale.max}. In each, a row (query) attends to columns (keys).`;
  return svg(width, bottom + legendHeight, tone, title, description, body.join(""));
}

function checkedPanels(rows: readonly (readonly GridPanel[])[], signed: boolean): readonly GridPanel[] {
  const isGrid = Array.isArray(rows) && rows.every((row) => Array.isArray(row)) && rows.flat().length > 0;
  if (!isGrid) refuse(ValueError, "gridSvg", "rows", "rows with at least one map", describeValue(rows));
  for (const panel of rows.flat()) {
    const { title, badge = "", map } = checkObject("gridSvg", "rows", panel);
    checkString("gridSvg", "the title of a map", title);
    checkString("gridSvg", "the badge of a map", badge);
    checkMap("gridSvg", map, signed ? "signed" : "weights");
  }
  return rows.flat();
}

function panelWords({ title, badge }: GridPanel, left: number, top: number, side: number): string {
  const columns = Math.max(4, Math.floor(side / columnWidth));
  const at = (line: number): string => `x="${px(left)}" y="${px(top + 13 * line)}"`;
  return label(title, columns, at(1)) + (badge === undefined ? "" : label(badge, columns, `${at(2)} font-size="11"`));
}
