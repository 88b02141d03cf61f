import { colorIndex, type ColorScale } from "../color/color-scale.js";
import type { Rgb } from "@tfblocks/analysis/colors";

/** A matrix to draw, row-major. */
export interface HeatMapData {
  readonly rows: number;
  readonly columns: number;
  readonly values: ArrayLike<number>;
  /** Cells that are 0 here are drawn as masked, whatever their value; by default none is masked. */
  readonly allowed?: Uint8Array | undefined;
}

/** How to draw a matrix. */
export interface HeatMapLook {
  /** The width of a cell in CSS pixels. */
  readonly cell: number;
  /** The height of a cell; by default cells are square. */
  readonly rowHeight?: number;
  readonly scale: ColorScale;
  /** The background of masked cells and the colour of their hatching. */
  readonly masked: readonly [background: Rgb, hatch: Rgb];
  /** The colour of the lines between cells, which are drawn if the cells are large enough. */
  readonly gap: Rgb;
}

/** Smallest cells that get lines between them, in CSS pixels. */
const minCellForGaps = 11;
/** Smallest cells that get hatching. */
const minCellForHatching = 5;

/** Draws a matrix with one colour per cell. Masked cells are hatched, so that they cannot be mistaken for 0. */
export function drawHeatMap(canvas: HTMLCanvasElement, data: HeatMapData, look: HeatMapLook): void {
  const ratio = globalThis.devicePixelRatio || 1;
  const rowHeight = look.rowHeight ?? look.cell;
  const [width, height] = [data.columns * look.cell, data.rows * rowHeight];
  canvas.width = Math.max(1, Math.round(width * ratio));
  canvas.height = Math.max(1, Math.round(height * ratio));
  canvas.style.width = `${width}px`;
  canvas.style.height = `${height}px`;
  const context = canvas.getContext("2d");
  if (context === null || data.rows * data.columns === 0) return;
  context.imageSmoothingEnabled = false;
  context.drawImage(cellImage(data, look), 0, 0, canvas.width, canvas.height);
  context.setTransform(canvas.width / width, 0, 0, canvas.height / height, 0, 0);
  if (Math.min(look.cell, rowHeight) >= minCellForHatching && data.allowed?.includes(0)) hatch(context, data, data.allowed, look);
  if (Math.min(look.cell, rowHeight) >= minCellForGaps) drawGaps(context, width, height, look);
}

/** An image with one pixel per cell. */
function cellImage(data: HeatMapData, { scale, masked }: HeatMapLook): HTMLCanvasElement {
  const { rows, columns, values, allowed } = data;
  const image = new ImageData(columns, rows);
  const pixels = new Uint32Array(image.data.buffer);
  const colors = scale.colors.map(packed);
  const background = packed(masked[0]);
  for (let cell = 0; cell < rows * columns; cell++) {
    pixels[cell] = allowed !== undefined && allowed[cell] === 0 ? background : colors[colorIndex(scale, values[cell]!)]!;
  }
  const canvas = document.createElement("canvas");
  canvas.width = columns;
  canvas.height = rows;
  canvas.getContext("2d")?.putImageData(image, 0, 0);
  return canvas;
}

/** An opaque colour as a 32-bit pixel in the byte order of the machine. */
function packed(color: Rgb): number {
  return new Uint32Array(Uint8Array.of(...color, 255).buffer)[0]!;
}

/** Draws diagonal lines that continue through neighbouring masked cells. */
function hatch(
  context: CanvasRenderingContext2D,
  { rows, columns }: HeatMapData,
  allowed: Uint8Array,
  { cell, rowHeight = cell, masked }: HeatMapLook,
): void {
  const [width, height] = [columns * cell, rows * rowHeight];
  context.save();
  context.beginPath();
  for (let index = 0; index < rows * columns; index++) {
    if (allowed[index] === 0) context.rect((index % columns) * cell, Math.floor(index / columns) * rowHeight, cell, rowHeight);
  }
  context.clip();
  context.beginPath();
  for (let start = -height; start < width; start += 5) {
    context.moveTo(start, height);
    context.lineTo(start + height, 0);
  }
  context.strokeStyle = css(masked[1]);
  context.lineWidth = 1;
  context.stroke();
  context.restore();
}

function drawGaps(context: CanvasRenderingContext2D, width: number, height: number, { cell, rowHeight = cell, gap }: HeatMapLook): void {
  context.beginPath();
  for (let x = cell; x < width; x += cell) context.rect(x - 0.5, 0, 1, height);
  for (let y = rowHeight; y < height; y += rowHeight) context.rect(0, y - 0.5, width, 1);
  context.fillStyle = css(gap);
  context.fill();
}

function css([red, green, blue]: Rgb): string {
  return `rgb(${red} ${green} ${blue})`;
}
