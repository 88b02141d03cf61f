import { type BoxName, boxRows, flows, skips } from "./boxes.js";
import type { LayerSettings } from "./settings.js";

/** A box on the drawing. */
export interface PlacedBox {
  readonly name: BoxName;
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
  /** The ways around a sublayer. */
  readonly skips: readonly string[];
}

const drawing = { width: 340, boxHeight: 34, rowGap: 24, margin: 10 };
/** Where boxes stand; what passes a sublayer passes on the right of them. */
const field = { from: 10, to: 300 };
const gap = 12;
const skipX = 324;
const single = 172;

/** Places the boxes row by row and draws the arrows between them. */
export function layout(settings: LayerSettings): Layout {
  const rows = boxRows(settings);
  const boxes = rows.flatMap((names, row) => placeRow(names, drawing.margin + row * (drawing.boxHeight + drawing.rowGap)));
  const of = (name: BoxName): PlacedBox => boxes.find((box) => box.name === name)!;
  return {
    width: drawing.width,
    height: drawing.margin * 2 + rows.length * (drawing.boxHeight + drawing.rowGap) - drawing.rowGap,
    boxes,
    arrows: flows(settings).map(([from, to]) => arrow(of(from), of(to))),
    skips: skips(settings).map(([from, to]) => skip(of(from), of(to))),
  };
}

function placeRow(names: readonly BoxName[], y: number): PlacedBox[] {
  const whole = field.to - field.from;
  const count = names.length;
  const width = count === 1 ? single : (whole - gap * (count - 1)) / count;
  const start = field.from + (whole - (width * count + gap * (count - 1))) / 2;
  return names.map((name, index) => ({ name, x: start + index * (width + gap), y, width, height: drawing.boxHeight }));
}

/** Straight down where the boxes overlap, else down, aside and down; what skips a row comes in from the right. */
function arrow(from: PlacedBox, to: PlacedBox): string {
  const [x, y] = [from.x + from.width / 2, from.y + from.height];
  if (to.y - y > drawing.rowGap) return `M${x} ${y}V${to.y + to.height / 2}H${to.x + to.width}`;
  const end = Math.min(to.x + to.width - 14, Math.max(to.x + 14, x));
  return x === end ? `M${x} ${y}V${to.y}` : `M${x} ${y}V${y + drawing.rowGap / 2}H${aside(from, to)}V${to.y}`;
}

/** Where an arrow that moves aside comes down: in the middle of several boxes, else as near as the box is wide. */
function aside(from: PlacedBox, to: PlacedBox): number {
  const middle = to.x + to.width / 2;
  return from.width > to.width ? middle : Math.min(to.x + to.width - 14, Math.max(to.x + 14, from.x + from.width / 2));
}

function skip(from: PlacedBox, to: PlacedBox): string {
  const [start, end] = [from.y + from.height / 2, to.y + to.height / 2];
  return `M${from.x + from.width} ${start}H${skipX}V${end}H${to.x + to.width}`;
}
