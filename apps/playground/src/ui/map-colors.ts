import { maskedColors, parseHex, type Rgb, type Tone } from "@tfblocks/analysis/colors";

/** The colours of masked cells and of the gaps between cells in each theme. */
export const mapColors: Record<Tone, { readonly masked: readonly [background: Rgb, hatch: Rgb]; readonly gap: Rgb }> = {
  light: { masked: maskedColors.light, gap: parseHex("#ffffff") },
  dark: { masked: maskedColors.dark, gap: parseHex("#121319") },
};
