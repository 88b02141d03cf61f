import type { TaskPort } from "../../compute/task.js";

/** A port that notes what it is told, and cancels at a step. */
export function taskPort(cancelAt = Infinity): TaskPort & { readonly steps: [what: string, done: number, total: number][] } {
  const steps: [string, number, number][] = [];
  return { steps, step: async (...step) => steps.push(step) < cancelAt };
}
