import { describeValue, refuse, ValueError } from "@tfblocks/tensor-utils";
import { type ColorScale, signedLimit, signedScale, weightScale } from "../color/color-scale.js";
import { type RampName, rampNames, type Tone } from "../color/ramps.js";
import type { HeadMap } from "../head-map.js";

/** The colours of a picture. */
export interface ColorOptions {
  /** The ramp of weights: `"blues"`, one hue; `"viridis"` or `"cividis"`, which separate close weights; default `"blues"`. */
  readonly colors?: RampName | undefined;
  /** The brightness of the page that the picture is for; default `"light"`. */
  readonly tone?: Tone | undefined;
  /** The numbers are signed: a diverging scale, symmetric around 0, in place of 0 to 1; default false. */
  readonly signed?: boolean | undefined;
  /** The end of a signed scale; default the largest magnitude. Give it to compare pictures. */
  readonly limit?: number | undefined;
}

/** The scale of some maps, which is the same for all of them. @throws ValueError when an option is not one of its choices */
export function scaleOf(operation: string, maps: readonly HeadMap[], options: ColorOptions): { scale: ColorScale; tone: Tone } {
  const { colors = "blues", signed = false, limit } = options;
  const tone = toneOf(operation, options.tone);
  if (!rampNames.includes(colors)) {
    refuse(ValueError, operation, "colors", rampNames.map((name) => `"${name}"`).join(", "), describeValue(colors));
  }
  if (limit !== undefined && !signed) refuse(ValueError, operation, "limit", "left out unless signed is true", limit);
  return { tone, scale: signed ? signedScale(signedLimit(operation, maps, limit), tone) : weightScale(colors, tone) };
}

/** @throws ValueError when a tone is neither "light" nor "dark" */
export function toneOf(operation: string, tone: Tone = "light"): Tone {
  return tone === "light" || tone === "dark" ? tone : refuse(ValueError, operation, "tone", '"light" or "dark"', describeValue(tone));
}
