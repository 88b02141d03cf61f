import { type Box, type BoxName, boxRows } from "./boxes.js";
import type { LayerSettings } from "./settings.js";

/** A box and its place in the drawing. */
export interface PlacedBox {
  readonly box: Box;
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

/** Boxes and arrows of a layer. */
export interface Layout {
  readonly width: number;
  readonly height: number;
  readonly boxes: readonly PlacedBox[];
  /** SVG paths from box to box. */
  readonly arrows: readonly string[];
  /** SVG paths of the residual connections. */
  readonly residuals: readonly string[];
}

const drawing = { width: 340, boxHeight: 34, rowGap: 24, margin: 10 };
/** The horizontal range of the boxes; residual connections are drawn to the right of it. */
const field = { from: 10, to: 300 };
const gap = 12;
const residualX = 324;
const singleWidth = 172;

/** Places the boxes row by row and draws the arrows between them. */
export function layout(settings: LayerSettings): Layout {
  const rows = boxRows(settings);
  const boxes = rows.flatMap((row, index) => placeRow(row, drawing.margin + index * (drawing.boxHeight + drawing.rowGap)));
  const of = (name: BoxName): PlacedBox => boxes.find(({ box }) => box.name === name)!;
  return {
    width: drawing.width,
    height: drawing.margin * 2 + rows.length * (drawing.boxHeight + drawing.rowGap) - drawing.rowGap,
    boxes,
    arrows: boxes.flatMap((to) => to.box.inputs.map((from) => arrow(of(from), to))),
    residuals: boxes.flatMap((to) => (to.box.residual === undefined ? [] : [residual(of(to.box.residual), to)])),
  };
}

function placeRow(row: readonly Box[], y: number): PlacedBox[] {
  const whole = field.to - field.from;
  const count = row.length;
  const width = count === 1 ? singleWidth : (whole - gap * (count - 1)) / count;
  const start = field.from + (whole - (width * count + gap * (count - 1))) / 2;
  return row.map((box, index) => ({ box, x: start + index * (width + gap), y, width, height: drawing.boxHeight }));
}

/** Straight down if the boxes overlap, otherwise with a step to the side. An arrow that passes a row ends at the right side of its box. */
function arrow(from: PlacedBox, to: PlacedBox): string {
  const [x, y] = [from.x + from.width / 2, from.y + from.height];
  if (to.y - y > drawing.rowGap) return `M${x} ${y}V${to.y + to.height / 2}H${to.x + to.width}`;
  const end = Math.min(to.x + to.width - 14, Math.max(to.x + 14, x));
  return x === end ? `M${x} ${y}V${to.y}` : `M${x} ${y}V${y + drawing.rowGap / 2}H${aside(from, to)}V${to.y}`;
}

/** The x at which an arrow with a step to the side ends: the middle of a narrower box, otherwise the nearest point of the box. */
function aside(from: PlacedBox, to: PlacedBox): number {
  const middle = to.x + to.width / 2;
  return from.width > to.width ? middle : Math.min(to.x + to.width - 14, Math.max(to.x + 14, from.x + from.width / 2));
}

function residual(from: PlacedBox, to: PlacedBox): string {
  const [start, end] = [from.y + from.height / 2, to.y + to.height / 2];
  return `M${from.x + from.width} ${start}H${residualX}V${end}H${to.x + to.width}`;
}
