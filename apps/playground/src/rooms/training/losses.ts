import type { LossPoint } from "./session-event.js";

/** Points to draw: means over equal stretches of steps, at most as many as asked. */
export function thinned(points: readonly LossPoint[], most: number): { readonly steps: Float64Array; readonly losses: Float64Array } {
  const size = Math.max(1, Math.ceil(points.length / most));
  const count = Math.ceil(points.length / size);
  const steps = new Float64Array(count);
  const losses = new Float64Array(count);
  for (let at = 0; at < count; at++) {
    const stretch = points.slice(at * size, (at + 1) * size);
    steps[at] = stretch.at(-1)!.step;
    losses[at] = stretch.reduce((sum, { loss }) => sum + loss, 0) / stretch.length;
  }
  return { steps, losses };
}
