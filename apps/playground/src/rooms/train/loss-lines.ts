import type { PlotLine, PlotMark } from "../../ui/plot-line.js";
import { headName } from "../../ui/head-name.js";
import type { LossPoint, StepRecord } from "../../training/run-record.js";
import type { RunState } from "./run-state.js";
import { headNoun, runName } from "./run-words.js";

const maxPoints = 200;
/** Number of colours of runs; the other series are for the lines of guessing. */
const runColorCount = 4;
/** Labels that heads have and lose all the time. */
const unmarked = new Set(["broad", "content-dependent"]);

/** The curves of some runs: the loss of the batches, of held-out examples, and of two ways to guess. */
export function lossLines(runs: readonly RunState[]): PlotLine[] {
  const [first] = runs;
  if (first === undefined) return [];
  const colors = runColors(runs);
  const lines = runs.flatMap((run, at): PlotLine[] => {
    const of = runs.length > 1 ? `${lineName(run, at)}: ` : "";
    const { steps, losses } = averageLosses(run.losses.value, maxPoints);
    const records = run.records.value;
    const series = colors[at]!;
    return [
      { name: `${of}training loss`, series, dashes: "none", xs: steps, values: losses },
      {
        name: `${of}held-out loss`,
        series,
        dashes: "short",
        xs: records.map(({ step }) => step),
        values: records.map(({ heldOutLoss }) => heldOutLoss),
      },
    ];
  });
  return [...lines, ...guessLines(runs)];
}

function lineName({ run }: RunState, at: number): string {
  return `${runName(run.value)}${at === 0 ? "" : ", beside"}`;
}

/** The colour of each run: its own, unless the run before it has the same. */
export function runColors(runs: readonly Pick<RunState, "order">[]): number[] {
  const colors: number[] = [];
  for (const { order } of runs) colors.push(colors.includes(order % runColorCount) ? (order + 1) % runColorCount : order % runColorCount);
  return colors;
}

/** Guessing is the same for two runs of the same recipe. */
function guessLines(runs: readonly RunState[]): PlotLine[] {
  const last = Math.max(...runs.map(({ run }) => run.value.settings.steps), 1);
  const flat = (name: string, series: number, value: number): PlotLine => ({
    name,
    series,
    faint: true,
    xs: [0, last],
    values: [value, value],
  });
  const [about] = runs.map(({ run }) => run.value.about);
  const isSame = runs.every(({ run }) => run.value.about.uniformLoss === about!.uniformLoss);
  if (!isSame) return [];
  return [
    flat(`all ${about!.vocabSize} tokens alike`, 5, about!.uniformLoss),
    flat("each token by its frequency", 4, about!.frequencyLoss),
  ];
}

/** The labels that heads got, as flags on the curves. */
export function labelMarks(runs: readonly RunState[]): PlotMark[] {
  return runs.flatMap(({ run, events }) => {
    const of = runs.length > 1 ? `${runName(run.value)}, ` : "";
    return events.value
      .filter(({ label }) => !unmarked.has(label))
      .map(({ step, place, label }) => ({ x: step, text: `${of}step ${step}: ${headName(place)} became ${headNoun(label)}` }));
  });
}

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

/**
 * The step since which a model learns its examples by heart: the held-out loss has risen by a tenth since then, while the loss of the
 * batches is below it. Undefined if it does not.
 */
export function overfitSince(
  losses: readonly LossPoint[],
  records: readonly Pick<StepRecord, "step" | "heldOutLoss">[],
): number | undefined {
  const lowest = records.reduce((least, record) => (record.heldOutLoss < least.heldOutLoss ? record : least), {
    step: 0,
    heldOutLoss: Infinity,
  });
  const isRisen = (records.at(-1)?.heldOutLoss ?? 0) > 1.1 * lowest.heldOutLoss;
  return isRisen && (losses.at(-1)?.loss ?? Infinity) < lowest.heldOutLoss ? lowest.step : undefined;
}
