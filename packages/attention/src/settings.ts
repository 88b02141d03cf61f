import type { Taps } from "./taps.js";

/** The options of one call, checked and with every default written out. */
export interface Settings {
  readonly scale: number;
  readonly softcap: number | undefined;
  /** Absent when dropout does not apply. */
  readonly dropout: { readonly rate: number; readonly seed: number } | undefined;
  readonly offsets: { readonly queryOffset: number; readonly keyOffset: number };
  readonly taps: Taps;
}
