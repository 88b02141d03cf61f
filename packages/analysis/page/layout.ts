import type { HeadView } from "./view.js";

/** Where a map stands in its canvas, in CSS pixels. `cell` is the size of a block. */
export interface Layout {
  readonly left: number;
  readonly top: number;
  readonly cell: number;
  readonly width: number;
  readonly height: number;
}

export const labelHeight = 13;
const largestCell = 36;
const slope = Math.sin(Math.PI / 3);

/** Fits a map into a width and a height, with room for the labels of its tokens. @param measure the width of a text in pixels */
export function layoutOf({ map, layer }: HeadView, width: number, mostHeight: number, measure: (text: string) => number): Layout {
  const longest = (labels: readonly string[], most: number): number => Math.min(most, 8 + Math.max(...sampleOf(labels).map(measure)));
  const left = Math.ceil(longest(layer.rowLabels, Math.min(130, width * 0.3)));
  const top = Math.ceil(longest(layer.columnLabels, 110) * slope) + 10;
  // Column labels lean to the right, beyond the last column.
  const lean = Math.min(45, (top * 0.5) / slope);
  const fit = Math.min((width - left - lean) / map.width, mostHeight / map.height);
  const cell = fit >= 3 ? Math.min(largestCell, Math.floor(fit)) : fit;
  return { left, top, cell, width: cell * map.width, height: cell * map.height };
}

function sampleOf(labels: readonly string[]): readonly string[] {
  const step = Math.ceil(labels.length / 200);
  return labels.filter((_, index) => index % step === 0);
}

/** Every how many positions a label has room: 1, 2, 5, 10 and so on. @param pitch pixels from one position to the next */
export function labelStep(pitch: number): number {
  const needed = labelHeight / pitch;
  return [1, 2, 5, 10, 20, 25, 50, 100, 200, 250, 500, 1000].find((step) => step >= needed) ?? Math.ceil(needed);
}
