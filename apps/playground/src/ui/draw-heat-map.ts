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

/** The colours of a matrix. */
export interface HeatMapColors {
  readonly scale: ColorScale;
  /** The background of masked cells and the colour of their hatching. */
  readonly masked: readonly [background: Rgb, hatch: Rgb];
  /** The colour of the lines between cells, which are drawn if the cells are large enough. */
  readonly gap: Rgb;
}

/** How to draw a matrix that has a canvas of its own. */
export interface HeatMapLook extends HeatMapColors {
  /** The width of a cell in CSS pixels. */
  readonly cell: number;
  /** The height of a cell; by default cells are square. */
  readonly rowHeight?: number;
}

/** Where a matrix is drawn on a canvas, in CSS pixels. */
export interface DrawnBox {
  readonly left: number;
  readonly top: number;
  readonly width: number;
  readonly height: number;
}

/** Smallest cells that get lines between them, in CSS pixels. */
const minCellForGaps = 11;
const hatchDistance = 5;

/** Draws a matrix on a canvas, which takes its size. Masked cells are hatched, so that they cannot be mistaken for 0. */
export function drawHeatMap(canvas: HTMLCanvasElement, data: HeatMapData, look: HeatMapLook): void {
  const { cell, rowHeight = cell } = look;
  const [width, height] = [data.columns * cell, data.rows * rowHeight];
  const context = sizeCanvas(canvas, width, height);
  if (context !== null) new MapPainter(context, look).draw([{ data, left: 0, top: 0, width, height }]);
}

/** Gives a canvas a size in CSS pixels, as sharp as the screen. @returns an empty context that draws in CSS pixels */
export function sizeCanvas(canvas: HTMLCanvasElement, width: number, height: number): CanvasRenderingContext2D | null {
  const ratio = globalThis.devicePixelRatio || 1;
  canvas.width = Math.max(1, Math.round(width * ratio));
  canvas.height = Math.max(1, Math.round(height * ratio));
  canvas.style.width = `${width}px`;
  canvas.style.height = `${height}px`;
  const context = canvas.getContext("2d");
  if (width > 0 && height > 0) context?.setTransform(canvas.width / width, 0, 0, canvas.height / height, 0, 0);
  return context;
}

/** A matrix and where it is drawn. */
export interface PlacedMap extends DrawnBox {
  readonly data: HeatMapData;
}

/** Draws matrices in the same colours on a canvas. */
export class MapPainter {
  readonly #context: CanvasRenderingContext2D;
  readonly #scale: ColorScale;
  /** A pixel for each colour of the scale. */
  readonly #pixels: Uint32Array;
  readonly #hatch: CanvasPattern;
  readonly #gap: string;

  constructor(context: CanvasRenderingContext2D, { scale, masked, gap }: HeatMapColors) {
    this.#context = context;
    this.#scale = scale;
    this.#pixels = Uint32Array.from(scale.colors, packed);
    this.#hatch = hatchOf(context, masked);
    this.#gap = css(gap);
  }

  /** Draws matrices into their boxes. */
  draw(maps: readonly PlacedMap[]): void {
    const shown = maps.filter(({ data }) => data.rows * data.columns > 0);
    if (shown.length === 0) return;
    const cells = this.#cellsOf(shown.map(({ data }) => data));
    this.#context.imageSmoothingEnabled = false;
    let row = 0;
    for (const { data, left, top, width, height } of shown) {
      this.#context.fillStyle = this.#hatch;
      if (data.allowed?.includes(0)) this.#context.fillRect(left, top, width, height);
      this.#context.drawImage(cells, 0, row, data.columns, data.rows, left, top, width, height);
      this.#drawGaps(data, { left, top, width, height });
      row += data.rows;
    }
  }

  /** The cells of matrices, a pixel each, one matrix below the other: a browser copies one image faster than many. */
  #cellsOf(maps: readonly HeatMapData[]): HTMLCanvasElement {
    const width = Math.max(...maps.map(({ columns }) => columns));
    const height = maps.reduce((sum, { rows }) => sum + rows, 0);
    const image = new ImageData(width, height);
    const pixels = new Uint32Array(image.data.buffer);
    let first = 0;
    for (const data of maps) {
      this.#fill(pixels.subarray(first), width, data);
      first += data.rows * width;
    }
    const context = contextOf(width, height);
    context.putImageData(image, 0, 0);
    return context.canvas;
  }

  /** Masked cells stay transparent, so that the hatching below them shows. */
  #fill(pixels: Uint32Array, width: number, { rows, columns, values, allowed }: HeatMapData): void {
    for (let row = 0; row < rows; row++) {
      for (let column = 0; column < columns; column++) {
        const cell = row * columns + column;
        if (allowed?.[cell] !== 0) pixels[row * width + column] = this.#pixels[colorIndex(this.#scale, values[cell]!)]!;
      }
    }
  }

  #drawGaps({ rows, columns }: HeatMapData, { left, top, width, height }: DrawnBox): void {
    const [cell, rowHeight] = [width / columns, height / rows];
    if (Math.min(cell, rowHeight) < minCellForGaps) return;
    this.#context.beginPath();
    for (let column = 1; column < columns; column++) this.#context.rect(left + column * cell - 0.5, top, 1, height);
    for (let row = 1; row < rows; row++) this.#context.rect(left, top + row * rowHeight - 0.5, width, 1);
    this.#context.fillStyle = this.#gap;
    this.#context.fill();
  }
}

/** The hatching of masked cells: diagonal lines, which continue through neighbouring cells. */
function hatchOf(context: CanvasRenderingContext2D, [background, line]: HeatMapColors["masked"]): CanvasPattern {
  const ratio = globalThis.devicePixelRatio || 1;
  const side = Math.round(hatchDistance * ratio);
  const tile = contextOf(side, side);
  tile.fillStyle = css(background);
  tile.fillRect(0, 0, side, side);
  tile.strokeStyle = css(line);
  tile.lineWidth = ratio;
  for (const start of [-side, 0, side]) {
    tile.moveTo(start - side, 2 * side);
    tile.lineTo(start + 2 * side, -side);
  }
  tile.stroke();
  const pattern = context.createPattern(tile.canvas, "repeat")!;
  pattern.setTransform(new DOMMatrix().scale(hatchDistance / side));
  return pattern;
}

/** The context of a new canvas. */
function contextOf(width: number, height: number): CanvasRenderingContext2D {
  return Object.assign(document.createElement("canvas"), { width, height }).getContext("2d")!;
}

/** An opaque colour as a 32-bit pixel in the byte order of the machine. */
function packed(color: Rgb): number {
  return new Uint32Array(Uint8Array.of(...color, 255).buffer)[0]!;
}

function css([red, green, blue]: Rgb): string {
  return `rgb(${red} ${green} ${blue})`;
}
