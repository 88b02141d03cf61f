import { maskedColors, type RampName, sequentialRamp, type Tone } from "../src/pictures/color/ramps.js";
import type { Rgb } from "../src/pictures/color/oklab.js";
import { maskedCode, oneCode } from "../src/pictures/report/payload.js";
import type { BlockCodes } from "./decoded-map.js";

/** The colours of the page now. */
export interface Palette {
  readonly ramp: RampName;
  readonly tone: Tone;
}

const ramps = new Map<string, readonly Rgb[]>();

/** The colours of a ramp, made once. */
export function colorsOf({ ramp, tone }: Palette): readonly Rgb[] {
  const name = `${ramp} ${tone}`;
  const colors = ramps.get(name) ?? sequentialRamp(ramp, tone);
  ramps.set(name, colors);
  return colors;
}

/** The colour of a weight, for CSS, and a colour of text that can be read on it. */
export function colorOf(palette: Palette, weight: number): { background: string; text: string } {
  const [red, green, blue] = colorsOf(palette)[Math.round(Math.min(1, weight) * 255)]!;
  const light = luminance(red, green, blue);
  return { background: `rgb(${red} ${green} ${blue})`, text: light > 0.18 ? "#000" : "#fff" };
}

/** Relative luminance of WCAG; black and white text have the same contrast at 0.18. */
function luminance(...channels: readonly number[]): number {
  const [red, green, blue] = channels.map((channel) => (channel <= 10 ? channel / 3295 : ((channel / 255 + 0.055) / 1.055) ** 2.4));
  return 0.2126 * red! + 0.7152 * green! + 0.0722 * blue!;
}

/** Draws one pixel for each block. */
export function paintPixels(canvas: HTMLCanvasElement, { codes, width, height }: BlockCodes, palette: Palette): void {
  [canvas.width, canvas.height] = [width, height];
  const colors = colorsOf(palette);
  const [masked] = maskedColors[palette.tone];
  const image = new ImageData(width, height);
  codes.forEach((code, cell) => {
    const color = code === maskedCode ? masked : colors[Math.round((code / oneCode) * 255)]!;
    image.data.set([...color, 255], 4 * cell);
  });
  canvas.getContext("2d")!.putImageData(image, 0, 0);
}

/** Hatches the masked blocks of a drawn map, in runs along the rows. `cell` is the size of a block. */
export function hatchMasked(context: CanvasRenderingContext2D, { codes, width, height }: BlockCodes, cell: number, tone: Tone): void {
  context.save();
  context.beginPath();
  for (let row = 0; row < height; row++) {
    for (let start = 0; start < width; start++) {
      let end = start;
      while (end < width && codes[row * width + end] === maskedCode) end++;
      if (end > start) context.rect(start * cell, row * cell, (end - start) * cell, cell);
      start = end;
    }
  }
  context.clip();
  strokeHatch(context, width * cell, height * cell, tone);
  context.restore();
}

/** Lines from corner to corner. */
export function strokeHatch(context: CanvasRenderingContext2D, width: number, height: number, tone: Tone): void {
  const [, [red, green, blue]] = maskedColors[tone];
  context.strokeStyle = `rgb(${red} ${green} ${blue})`;
  context.lineWidth = 1;
  context.beginPath();
  for (let at = -height; at < width; at += 6) {
    context.moveTo(at, height);
    context.lineTo(at + height, 0);
  }
  context.stroke();
}
