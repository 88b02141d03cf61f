import { anyText, decimal, flag, oneOf, type SettingsLink, whole } from "../../../routing/settings-link.js";

/** The settings of the norms. */
export interface NormSettings {
  readonly text: string;
  readonly width: number;
  readonly seed: number;
  /** Factor of all numbers. */
  readonly stretch: number;
  /** Added to all numbers after the multiplication. */
  readonly shift: number;
  /** Whether one dimension is much larger than the others, as in many trained models. */
  readonly outlier: boolean;
}

export const normWidths: readonly number[] = [16, 32, 64, 128, 256];
export const stretches: readonly number[] = [0.1, 1, 3, 10];
export const shifts: readonly number[] = [-3, 0, 3, 10];

export const normLink: SettingsLink<NormSettings> = {
  defaults: { text: "The cat sat on the mat because it was tired", width: 64, seed: 0, stretch: 3, shift: 3, outlier: false },
  fields: {
    text: anyText,
    width: oneOf(normWidths),
    seed: whole(0, 999_999),
    stretch: decimal(0.001, 1000),
    shift: decimal(-1000, 1000),
    outlier: flag,
  },
};
