import type { ScoringOptions } from "@tfblocks/analysis/scaling";
import type { ScaleSettings } from "./settings.js";

/** The settings as options of `@tfblocks/analysis/scaling`. */
export function scoringOf({ scale, factor, softcap, qkNorm }: ScaleSettings): ScoringOptions {
  return { scale: scale === "own" ? factor : scale, qkNorm, ...(softcap > 0 && { softcap }) };
}
