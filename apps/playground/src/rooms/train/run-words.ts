import type { RunRecord } from "../../training/run-record.js";
import type { RunState } from "./run-state.js";

/** Where a run is, as the reader sees it. */
export type ShownPhase = RunRecord["phase"] | "interrupted" | "elsewhere";

export const phaseNames: Readonly<Record<ShownPhase, string>> = {
  running: "training",
  paused: "paused",
  stopped: "stopped",
  finished: "finished",
  failed: "failed",
  interrupted: "interrupted",
  elsewhere: "training in another tab",
};

/** @param active the run that is trained in this tab */
export function phaseOf({ key, run, isElsewhere }: RunState, active: string | undefined): ShownPhase {
  if (active === key) return "running";
  if (isElsewhere.value) return "elsewhere";
  return run.value.phase === "running" ? "interrupted" : run.value.phase;
}

/** What tells a run from the others: what is trained, and its seed. */
export function runName({ title, settings }: Pick<RunRecord, "title" | "settings">): string {
  return `${title}, seed ${settings.seed}`;
}

/** The settings of a run in one line. */
export function describeRun({ settings: { source, steps, batchSize, learningRate, seed }, about }: RunRecord): string {
  const sizes = source.kind === "text" ? `${source.sizes.layers} × ${source.sizes.heads} heads, vector size ${source.sizes.dModel}, ` : "";
  return `${sizes}${about.parameters.toLocaleString("en")} parameters, ${steps} steps, rate ${learningRate}, batch ${batchSize}, seed ${seed}`;
}

/** How far a run is and, while it is trained, how long it still takes: "step 3 of 40, 5 s left". */
export function progressWords({ step, run, secondsPerStep }: Pick<RunState, "step" | "run" | "secondsPerStep">): string {
  const { steps } = run.value.settings;
  const left = secondsPerStep.value * (steps - step);
  return `step ${step} of ${steps}${left > 0 ? `, ${duration(left)} left` : ""}`;
}

/** A time in words: "40 s", "3 min 20 s", "1 h 5 min". */
export function duration(seconds: number): string {
  const whole = Math.max(1, Math.round(seconds));
  if (whole < 60) return `${whole} s`;
  const [minutes, rest] = [Math.floor(whole / 60), whole % 60];
  if (minutes < 60) return rest === 0 ? `${minutes} min` : `${minutes} min ${rest} s`;
  return `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
}

/** What a head with a label is called, for example "an induction head". */
export function headNoun(label: string): string {
  const word = label.replace(/ token$/, "-token").replace(/^local window$/, "local-window");
  return `${/^[aeiou]/.test(word) ? "an" : "a"} ${word} head`;
}
