import { type ColorScale, hexOf, shareOf } from "../color/color-scale.js";
import { maskedColors, type Tone } from "../color/ramps.js";
import { type HeadMap, isAllowed } from "../head-map.js";
import { hatchFill, px } from "./markup.js";
import { pngUri } from "./png.js";

/** A map with more cells than this is an image instead of rectangles. */
export const mostRects: number = 64 * 64;

/** Where cells are drawn. */
export interface CellBox {
  readonly left: number;
  readonly top: number;
  /** The width of a cell. */
  readonly cell: number;
  /** The height of a cell; by default cells are square. */
  readonly rowHeight?: number;
}

/** The cells of a map as rectangles, merged along rows where colours are equal; masked cells are hatched. */
export function cellRects(map: HeadMap, scale: ColorScale, tone: Tone, box: CellBox): string {
  const codes = colorCodes(map, scale);
  return `<g shape-rendering="crispEdges">${rects(map, codes, scale, box)}${maskedPath(map, codes, tone, box)}</g>`;
}

/** The cells of a map as one image; masked cells are hatched. */
export function cellImage(map: HeadMap, scale: ColorScale, tone: Tone, box: CellBox): string {
  const codes = colorCodes(map, scale);
  const palette = [maskedColors[tone][0], ...Array.from({ length: 255 }, (_, code) => colorOf(scale, code + 1))];
  const { left, top, cell, rowHeight = cell } = box;
  return (
    `<image x="${px(left)}" y="${px(top)}" width="${px(map.columns * cell)}" height="${px(map.rows * rowHeight)}" preserveAspectRatio="none" ` +
    `image-rendering="pixelated" href="${pngUri(codes, map.columns, map.rows, palette)}"/>${maskedPath(map, codes, tone, box)}`
  );
}

/** 0 for a masked cell, otherwise 1 to 255 along the scale. */
function colorCodes(map: HeadMap, scale: ColorScale): Uint8Array {
  return Uint8Array.from({ length: map.rows * map.columns }, (_, cell) =>
    isAllowed(map, cell) ? 1 + Math.round(shareOf(scale, map.weights[cell]!) * 254) : 0,
  );
}

function colorOf({ colors }: ColorScale, code: number): ColorScale["colors"][number] {
  return colors[Math.round(((code - 1) / 254) * (colors.length - 1))]!;
}

function rects(map: HeadMap, codes: Uint8Array, scale: ColorScale, { left, top, cell, rowHeight = cell }: CellBox): string {
  let drawn = "";
  for (const { row, start, end, code } of runs(map, codes)) {
    if (code === 0) continue;
    drawn += `<rect x="${px(left + start * cell)}" y="${px(top + row * rowHeight)}" width="${px((end - start) * cell)}" height="${px(rowHeight)}" fill="${hexOf(colorOf(scale, code))}"/>`;
  }
  return drawn;
}

function maskedPath(map: HeadMap, codes: Uint8Array, tone: Tone, { left, top, cell, rowHeight = cell }: CellBox): string {
  let path = "";
  for (const { row, start, end, code } of runs(map, codes)) {
    if (code !== 0) continue;
    const width = (end - start) * cell;
    path += `M${px(left + start * cell)} ${px(top + row * rowHeight)}h${px(width)}v${px(rowHeight)}h${px(-width)}z`;
  }
  return path === "" ? "" : `<path d="${path}" fill="${hatchFill(tone)}"/>`;
}

/** The runs of equal codes in each row. */
function* runs({ rows, columns }: HeadMap, codes: Uint8Array): Generator<{ row: number; start: number; end: number; code: number }> {
  for (let row = 0; row < rows; row++) {
    for (let start = 0, end = 0; start < columns; start = end) {
      const code = codes[row * columns + start]!;
      while (end < columns && codes[row * columns + end] === code) end++;
      yield { row, start, end, code };
    }
  }
}
