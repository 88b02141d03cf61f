import { drawAxes } from "./axes.js";
import { element } from "./dom.js";
import { drawCrosshair } from "./crosshair.js";
import { type Layout, layoutOf } from "./layout.js";
import { followKeys, followPointer } from "./matrix-input.js";
import { hatchMasked, paintPixels } from "./paint.js";
import { tooltip } from "./tooltip.js";
import type { View } from "./view.js";

/** The large map of the chosen head. */
export function matrix(view: View): HTMLElement {
  const picture = element("canvas", { "aria-hidden": "true" });
  const overlay = element("canvas", {
    tabindex: 0,
    role: "application",
    "aria-roledescription": "heat map",
    "aria-describedby": "map-help",
  });
  const box = element("div", { class: "matrix", children: [picture, overlay] });
  let layout: Layout = { left: 0, top: 0, cell: 1, width: 1, height: 1 };
  const mark = (): void => drawCrosshair(overlay, view, layout);
  const draw = (): void => {
    layout = drawMatrix(picture, view, box.clientWidth);
    for (const property of ["width", "height"] as const) overlay.style[property] = picture.style[property];
    overlay.setAttribute("aria-label", `Attention of ${view.head.title}: rows attend to columns`);
    mark();
  };
  new ResizeObserver(draw).observe(box);
  view.on("head", draw);
  view.on("colors", draw);
  view.on("cell", mark);
  followPointer(overlay, view, () => layout);
  followKeys(overlay, view);
  box.append(tooltip(view, () => layout, box));
  return box;
}

function drawMatrix(canvas: HTMLCanvasElement, view: View, width: number): Layout {
  const context = canvas.getContext("2d")!;
  context.font = "12px system-ui, sans-serif";
  const layout = layoutOf(view.head, width, Math.max(240, innerHeight * 0.6), (text) => context.measureText(text).width);
  sizeCanvas(canvas, width, layout.top + layout.height + 6);
  const pixels = element("canvas");
  paintPixels(pixels, view.head.map, view);
  // Cells below a pixel are averaged, larger ones stay sharp.
  context.imageSmoothingEnabled = layout.cell < 1;
  context.imageSmoothingQuality = "high";
  context.drawImage(pixels, layout.left, layout.top, layout.width, layout.height);
  context.save();
  context.translate(layout.left, layout.top);
  hatchMasked(context, view.head.map, layout.cell, view.tone);
  context.restore();
  const ink = getComputedStyle(canvas).color;
  context.strokeStyle = ink;
  context.globalAlpha = 0.5;
  context.strokeRect(layout.left - 0.5, layout.top - 0.5, layout.width + 1, layout.height + 1);
  context.globalAlpha = 1;
  drawAxes(context, view.head, layout, ink);
  return layout;
}

/** Gives a canvas a size in CSS pixels and the pixels of the screen; clears it. */
function sizeCanvas(canvas: HTMLCanvasElement, width: number, height: number): void {
  const ratio = devicePixelRatio;
  [canvas.width, canvas.height] = [Math.max(1, Math.round(width * ratio)), Math.max(1, Math.round(height * ratio))];
  [canvas.style.width, canvas.style.height] = [`${width}px`, `${height}px`];
  canvas.getContext("2d")!.scale(ratio, ratio);
}
