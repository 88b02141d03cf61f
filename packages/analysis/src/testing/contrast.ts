import { parseHex, type Rgb } from "../pictures/color/oklab.js";

/** Contrast ratio of WCAG 2, from 1 to 21. */
export function contrast(a: string, b: string): number {
  const [dark, light] = [a, b].map((hex) => luminance(parseHex(longHex(hex)))).toSorted((x, y) => x - y);
  return (light! + 0.05) / (dark! + 0.05);
}

function longHex(hex: string): string {
  return hex.length === 4 ? hex.replace(/[\da-f]/g, "$&$&") : hex;
}

function luminance(color: Rgb): number {
  const [red, green, blue] = color.map(linear);
  return 0.2126 * red! + 0.7152 * green! + 0.0722 * blue!;
}

/** A channel of sRGB, 0 to 255, as light from 0 to 1. */
export function linear(channel: number): number {
  const share = channel / 255;
  return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
}
