import { type ColorScale, largestMagnitude, type Reach, signedScale, weightScale } from "../../color/color-scale.js";
import type { Tone } from "../../color/ramps.js";
import type { AttentionPicture } from "./picture.js";
import { headValues } from "./read-cell.js";
import type { AttentionView, DrawnStage } from "./view.js";

/** Weights share one scale, scores take one that is symmetric around 0 and as wide as this head's largest. */
export function stageScale(
  picture: AttentionPicture,
  { stage, ramp, reach }: Pick<AttentionView, "stage" | "ramp" | "reach">,
  head: number,
  tone: Tone,
): ColorScale {
  return stage === "probabilities"
    ? weightScale(ramp, tone, reach, largestWeight(picture))
    : signedScale(headValues(picture, stage, head), tone);
}

/** What the legend calls the weights, naming any bend of the scale. */
export function weightTitle(reach: Reach): string {
  return { one: "weight", root: "weight, coloured by its square root", largest: "weight, up to the largest" }[reach];
}

/** Over all heads, so that they keep one scale. */
export function largestWeight({ stages }: AttentionPicture): number {
  return largestMagnitude(stages.probabilities);
}

/** Whether masked cells are blotted out at a stage: before the mask they still have a score. */
export function showsMask(stage: DrawnStage): boolean {
  return stage === "masked" || stage === "probabilities";
}

export function isMasked({ allowed }: AttentionPicture): boolean {
  return allowed.includes(0);
}
