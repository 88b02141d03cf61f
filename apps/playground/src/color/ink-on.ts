import type { Rgb } from "@tfblocks/analysis/colors";

/** Black or white text, whichever is read better on a colour: the one with the higher contrast ratio of WCAG 2. */
export function inkOn([red, green, blue]: Rgb): string {
  const luminance = 0.2126 * linear(red) + 0.7152 * linear(green) + 0.0722 * linear(blue);
  return luminance > 0.179 ? "#000000" : "#ffffff";
}

/** A channel of sRGB, 0 to 255, as light, 0 to 1. */
function linear(channel: number): number {
  const value = channel / 255;
  return value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4;
}
