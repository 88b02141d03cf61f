import { type ColorScale, hexOf } from "../color/color-scale.js";
import type { Tone } from "../color/ramps.js";
import { escapeHtml } from "../report/html.js";
import { threeDigits } from "../text/numbers.js";
import { columnWidth, hatchFill, px, svgColors } from "./markup.js";

/** The height of a legend. */
export const legendHeight = 22;
const [steps, stepWidth] = [64, 2];

/** The ramp with its ends, what it shows, and the key of masked cells. */
export function legend(scale: ColorScale, what: string, hasMasked: boolean, tone: Tone, x: number, y: number): string {
  const { line } = svgColors[tone];
  const [start, end] = [threeEnds(scale.min), threeEnds(scale.max)];
  const bar = x + columnWidth * (what.length + start.length + 2);
  const cells = Array.from({ length: steps }, (_, step) => {
    const color = scale.colors[Math.round((step / (steps - 1)) * (scale.colors.length - 1))]!;
    return `<rect x="${px(bar + step * stepWidth)}" y="${px(y)}" width="${stepWidth}" height="12" fill="${hexOf(color)}"/>`;
  });
  const after = bar + steps * stepWidth + 6;
  const key = after + columnWidth * (end.length + 2);
  const masked = hasMasked
    ? `<rect x="${px(key)}" y="${px(y)}" width="18" height="12" fill="${hatchFill(tone)}" stroke="${line}"/><text x="${px(key + 24)}" y="${px(y + 10)}">masked</text>`
    : "";
  return (
    `<text x="${px(x)}" y="${px(y + 10)}">${escapeHtml(what)}</text><text x="${px(bar - 6)}" y="${px(y + 10)}" text-anchor="end">${start}</text>` +
    `<g shape-rendering="crispEdges">${cells.join("")}</g><rect x="${px(bar)}" y="${px(y)}" width="${steps * stepWidth}" height="12" fill="none" stroke="${line}"/>` +
    `<text x="${px(after)}" y="${px(y + 10)}">${end}</text>${masked}`
  );
}

/** The width of a legend. */
export function legendWidth(scale: ColorScale, what: string): number {
  return columnWidth * (what.length + threeEnds(scale.min).length + threeEnds(scale.max).length + 12) + steps * stepWidth + 36;
}

function threeEnds(end: number): string {
  return Number.isInteger(end) ? threeDigits(end).replace(/\.0+$/, "") : threeDigits(end);
}
