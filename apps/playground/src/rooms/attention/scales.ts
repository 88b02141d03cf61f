import { type ColorScale, type Curve, signedScale, weightScale } from "../../color/color-scale.js";
import type { Tone } from "../../color/ramps.js";
import type { AttentionPicture } from "./picture.js";
import { headValues } from "./read-cell.js";
import type { AttentionView, DrawnStage } from "./view.js";

/** Weights share one scale, scores take one that is symmetric around 0 and as wide as this head's largest. */
export function stageScale(picture: AttentionPicture, { stage, ramp, curve }: Pick<AttentionView, "stage" | "ramp" | "curve">, head: number, tone: Tone): ColorScale {
  return stage === "probabilities" ? weightScale(ramp, tone, curve) : signedScale(headValues(picture, stage, head), tone);
}

/** What the legend calls the weights, naming any bend of the scale. */
export function weightTitle(curve: Curve): string {
  return curve === "root" ? "weight, coloured by its square root" : "weight";
}

/** Whether masked cells are blotted out at a stage: before the mask they still have a score. */
export function showsMask(stage: DrawnStage): boolean {
  return stage === "masked" || stage === "probabilities";
}

export function isMasked({ allowed }: AttentionPicture): boolean {
  return allowed.includes(0);
}
