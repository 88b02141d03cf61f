import type { LossPoint } from "./session-event.js";

/** Reduces losses to at most `max` points, each the mean of equally many steps. */
export function averageLosses(points: readonly LossPoint[], max: number): { readonly steps: Float64Array; readonly losses: Float64Array } {
  const size = Math.max(1, Math.ceil(points.length / max));
  const count = Math.ceil(points.length / size);
  const steps = new Float64Array(count);
  const losses = new Float64Array(count);
  for (let at = 0; at < count; at++) {
    const group = points.slice(at * size, (at + 1) * size);
    steps[at] = group.at(-1)!.step;
    losses[at] = group.reduce((sum, { loss }) => sum + loss, 0) / group.length;
  }
  return { steps, losses };
}
