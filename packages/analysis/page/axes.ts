import { labelHeight, labelStep, type Layout } from "./layout.js";
import type { HeadView } from "./view.js";

/** Draws the labels of tokens: rows at the left, columns above the map at 60°. */
export function drawAxes(context: CanvasRenderingContext2D, { map, layer }: HeadView, { left, top, cell }: Layout, ink: string): void {
  context.fillStyle = ink;
  context.font = `${labelHeight - 1}px system-ui, sans-serif`;
  context.textBaseline = "middle";
  const pitch = cell / map.pool;
  const step = labelStep(pitch);
  context.textAlign = "right";
  for (let row = 0; row < map.rows; row += step) {
    context.fillText(clipped(context, layer.rowLabels[row]!, left - 8), left - 5, top + (row + 0.5) * pitch);
  }
  context.textAlign = "left";
  for (let column = 0; column < map.columns; column += step) {
    context.save();
    context.translate(left + (column + 0.5) * pitch, top - 5);
    context.rotate(-Math.PI / 3);
    context.fillText(clipped(context, layer.columnLabels[column]!, 104), 0, 0);
    context.restore();
  }
}

/** A label cut to a width, with an ellipsis. */
function clipped(context: CanvasRenderingContext2D, label: string, width: number): string {
  if (context.measureText(label).width <= width) return label;
  const characters = Array.from(label.slice(0, 60));
  while (characters.length > 1 && context.measureText(`${characters.join("")}…`).width > width) characters.pop();
  return `${characters.join("")}…`;
}
