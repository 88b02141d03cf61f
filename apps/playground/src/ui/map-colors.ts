import { parseHex, type Rgb, type Tone } from "@tfblocks/analysis/colors";

/** The colours of masked cells and of the gaps between cells in each theme. */
export const mapColors: Record<Tone, { readonly masked: readonly [background: Rgb, hatch: Rgb]; readonly gap: Rgb }> = {
  light: { masked: [parseHex("#e9e7e1"), parseHex("#b9b5aa")], gap: parseHex("#ffffff") },
  dark: { masked: [parseHex("#2a2a2c"), parseHex("#57565a")], gap: parseHex("#121319") },
};
