import type { Layout } from "./layout.js";
import type { View } from "./view.js";

/** Marks the row and the column of the active cell, and the cell itself; a pinned cell has a thicker frame. */
export function drawCrosshair(canvas: HTMLCanvasElement, view: View, layout: Layout): void {
  const ratio = devicePixelRatio;
  const [width, height] = [Number.parseFloat(canvas.style.width), Number.parseFloat(canvas.style.height)];
  [canvas.width, canvas.height] = [Math.round(width * ratio), Math.round(height * ratio)];
  const context = canvas.getContext("2d")!;
  context.scale(ratio, ratio);
  const { active } = view;
  if (active === null) return;
  const { map } = view.head;
  const { left, top } = layout;
  const cell = Math.max(3, layout.cell);
  const x = left + Math.floor(active.column / map.pool) * layout.cell;
  const y = top + Math.floor(active.row / map.pool) * layout.cell;
  const style = getComputedStyle(canvas);
  context.strokeStyle = style.getPropertyValue("color");
  context.globalAlpha = 0.55;
  context.strokeRect(left, y, layout.width, cell);
  context.strokeRect(x, top, cell, layout.height);
  context.globalAlpha = 1;
  frame(context, x, y, cell, view.pinned === null ? 2 : 3);
}

/** A frame that stands out on any colour: dark inside light. */
function frame(context: CanvasRenderingContext2D, x: number, y: number, cell: number, thickness: number): void {
  context.lineWidth = thickness + 2;
  context.strokeStyle = "#fff";
  context.strokeRect(x, y, cell, cell);
  context.lineWidth = thickness;
  context.strokeStyle = "#c2410c";
  context.strokeRect(x, y, cell, cell);
}
