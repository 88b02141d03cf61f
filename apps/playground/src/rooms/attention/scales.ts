import { type ColorScale, largestMagnitude, type WeightRange, signedScale, weightScale } from "../../color/color-scale.js";
import type { Tone } from "@tfblocks/analysis/colors";
import type { AttentionPicture } from "./picture.js";
import { headValues } from "./read-cell.js";
import type { AttentionView, DrawnStage } from "./view.js";

/** Weights have one scale for all heads; scores have a scale per head that is symmetric around 0. */
export function stageScale(
  picture: AttentionPicture,
  { stage, ramp, range }: Pick<AttentionView, "stage" | "ramp" | "range">,
  head: number,
  tone: Tone,
): ColorScale {
  return stage === "probabilities"
    ? weightScale(ramp, tone, range, largestWeight(picture))
    : signedScale(headValues(picture, stage, head), tone);
}

/** The title of the legend for weights. */
export function weightTitle(range: WeightRange): string {
  return { one: "weight", root: "weight (square-root scale)", largest: "weight (scaled to the largest)" }[range];
}

/** The largest weight of all heads. */
export function largestWeight({ stages }: AttentionPicture): number {
  return largestMagnitude(stages.probabilities);
}

/** Whether masked cells are hatched at a stage; earlier stages still show their scores. */
export function showsMask(stage: DrawnStage): boolean {
  return stage === "masked" || stage === "probabilities";
}

/** Whether any cell is masked. */
export function isMasked({ allowed }: AttentionPicture): boolean {
  return allowed.includes(0);
}
