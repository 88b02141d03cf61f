import { parseHex, type Tone } from "@tfblocks/analysis/colors";
import type { ColorScale } from "../../color/color-scale.js";

/** The colours of cells of which no, some or all pairs are visible; cells without one are hatched. */
const colors = {
  light: ["#e9e7e1", "#9db2dd", "#34468f"],
  dark: ["#2a2a2c", "#4a5b92", "#9db4f5"],
} as const;

const scales: Readonly<Record<Tone, ColorScale>> = { light: scaleOf("light"), dark: scaleOf("dark") };

/** The scale of `cellStates`. */
export function maskScale(tone: Tone): ColorScale {
  return scales[tone];
}

function scaleOf(tone: Tone): ColorScale {
  return { min: 0, max: 2, curve: "linear", colors: colors[tone].map(parseHex) };
}
