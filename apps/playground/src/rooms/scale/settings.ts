import { decimal, oneOf, type SettingsLink, whole } from "../../routing/settings-link.js";

/** Widths of a head, d_k, that the slider goes through. */
export const headDims: readonly number[] = [1, 2, 4, 8, 16, 32, 64, 128, 256];
/** Numbers of keys that the slider goes through. */
export const keyCounts: readonly number[] = [2, 4, 8, 16, 32, 64, 128];

export const scaleChoices = ["1/sqrt(d)", "none", "own"] as const;
export const normChoices = ["none", "l2", "rms"] as const;

/** Own scales: powers of √2 from 2⁻⁵ to 4. */
export const ownScales: readonly number[] = Array.from({ length: 15 }, (_, index) => Number((2 ** ((index - 10) / 2)).toPrecision(3)));
/** Soft caps; 0 is none. */
export const softcaps: readonly number[] = [0, 1, 2, 5, 10, 20, 30, 50];

/** The settings of the laboratory. */
export interface ScaleSettings {
  readonly headDim: number;
  readonly keys: number;
  readonly scale: (typeof scaleChoices)[number];
  /** The factor if `scale` is "own". */
  readonly factor: number;
  /** 0 for none. */
  readonly softcap: number;
  readonly qkNorm: (typeof normChoices)[number];
  readonly seed: number;
  /** Which of the queries is shown. */
  readonly row: number;
}

export const scaleLink: Pick<SettingsLink<ScaleSettings>, "defaults" | "fields"> = {
  defaults: { headDim: 64, keys: 16, scale: "none", factor: 0.25, softcap: 0, qkNorm: "none", seed: 0, row: 0 },
  fields: {
    headDim: oneOf(headDims),
    keys: oneOf(keyCounts),
    scale: oneOf(scaleChoices),
    factor: decimal(0, 16),
    softcap: decimal(0, 1000),
    qkNorm: oneOf(normChoices),
    seed: whole(0, 999_999),
    row: whole(0, 9999),
  },
};
