import { maskedColors } from "../src/pictures/color/ramps.js";
import { element } from "./dom.js";
import { colorsOf, strokeHatch } from "./paint.js";
import type { View } from "./view.js";

/** The one legend of all maps: the ramp from 0 to 1, and the key of masked cells. */
export function legend(view: View): HTMLElement {
  const ramp = element("canvas", { role: "img", "aria-label": "colours from weight 0 to weight 1" });
  const key = element("canvas", { class: "key", role: "img", "aria-label": "hatched cell" });
  const draw = (): void => {
    drawRamp(ramp, view);
    drawKey(key, view);
  };
  draw();
  view.on("colors", draw);
  const masked = view.heads.some(({ map }) => map.hasMasked) ? [key, "masked, not zero"] : [];
  return element("div", { class: "legend", children: ["weight 0", ramp, "1", ...masked] });
}

function drawRamp(canvas: HTMLCanvasElement, view: View): void {
  [canvas.width, canvas.height] = [256, 1];
  const context = canvas.getContext("2d")!;
  for (const [index, [red, green, blue]] of colorsOf(view).entries()) {
    context.fillStyle = `rgb(${red} ${green} ${blue})`;
    context.fillRect(index, 0, 1, 1);
  }
}

function drawKey(canvas: HTMLCanvasElement, { tone }: View): void {
  [canvas.width, canvas.height] = [22, 14];
  const context = canvas.getContext("2d")!;
  const [[red, green, blue]] = maskedColors[tone];
  context.fillStyle = `rgb(${red} ${green} ${blue})`;
  context.fillRect(0, 0, 22, 14);
  strokeHatch(context, 22, 14, tone);
}
