import { type HeadVectors, normalVectors, type ScalingRow, scalingTable, type ScoringOptions } from "@tfblocks/analysis/scaling";
import type { TaskPort } from "../../compute/task.js";
import type { MeasuredPoint, MeasureName, ScalingCurve, ScalingCurves } from "./scale-picture.js";
import { measureNames } from "./scale-picture.js";
import { scoringOf } from "./scoring.js";
import { headDims, type ScaleSettings } from "./settings.js";

/** Samples, from which the spread is taken. */
const seedCount = 3;
/** The number of scores of each sample. */
const sampledScores = 2048;

/** Measures every width with the chosen scoring, without a scale, and with 1/√d. @returns undefined after a cancel */
export async function measureCurves(settings: ScaleSettings, port: TaskPort): Promise<ScalingCurves | undefined> {
  const seeds = Array.from({ length: seedCount }, (_, index) => settings.seed + index);
  const scorings = scoringsOf(settings);
  const total = scorings.length * headDims.length * seeds.length;
  const rows = scorings.map(() => headDims.map((): ScalingRow[] => []));
  let done = 0;
  for (const seed of seeds) {
    const vectors = normalVectors({ ...sizesOf(settings), seed });
    for (const [at, { options }] of scorings.entries()) {
      for (const [column, headDim] of headDims.entries()) {
        if (!(await port.step("Measuring every width", done++, total))) return undefined;
        rows[at]![column]!.push(measure(vectors, headDim, options));
      }
    }
  }
  const curves = scorings.map(({ name }, at): ScalingCurve => curveOf(name, rows[at]!));
  return { headDims, seeds, draws: sizesOf(settings).draws, curves };
}

function sizesOf({ keys }: ScaleSettings): { headDim: number; numKeys: number; draws: number } {
  return { headDim: Math.max(...headDims), numKeys: keys, draws: sampledScores / keys };
}

/** The chosen scoring, and those of the two references that differ from it. */
function scoringsOf(settings: ScaleSettings): { name: ScalingCurve["scoring"]; options: ScoringOptions }[] {
  const chosen = scoringOf(settings);
  const isPlain = settings.softcap === 0 && settings.qkNorm === "none";
  const references = (["none", "1/sqrt(d)"] as const).filter((scale) => !(isPlain && settings.scale === scale));
  return [{ name: "chosen", options: chosen }, ...references.map((scale) => ({ name: scale, options: { scale } }))];
}

function measure(vectors: HeadVectors, headDim: number, options: ScoringOptions): ScalingRow {
  return scalingTable({ ...options, vectors, headDims: [headDim] }).rows[0]!;
}

/** @param rows `[width][seed]` */
function curveOf(scoring: ScalingCurve["scoring"], rows: readonly (readonly ScalingRow[])[]): ScalingCurve {
  const perMeasure = <Value>(read: (name: MeasureName) => Value): Record<MeasureName, Value> =>
    Object.fromEntries(measureNames.map((name) => [name, read(name)])) as Record<MeasureName, Value>;
  return {
    scoring,
    measured: perMeasure((name) => rows.map((seeds) => spreadOf(seeds.map((row) => measuredOf(row)[name])))),
    theory: perMeasure((name) => rows.map(([row]) => theoryOf(row!)[name])),
  };
}

function spreadOf(values: readonly (number | null)[]): MeasuredPoint | null {
  const known = values.filter((value) => value !== null);
  if (known.length === 0) return null;
  return { mean: known.reduce((sum, value) => sum + value, 0) / known.length, least: Math.min(...known), most: Math.max(...known) };
}

/** The gradient is the median of rows, because a few rows between two keys dominate its mean. */
function measuredOf({ measured }: ScalingRow): Record<MeasureName, number | null> {
  return {
    scoreVariance: measured.scoreVariance,
    spread: measured.normalizedEntropy?.mean ?? null,
    maxWeight: measured.maxWeight?.mean ?? null,
    jacobian: measured.jacobianNorm?.mean ?? null,
    gradient: measured.queryGradient?.median ?? null,
    saturated: measured.saturated,
  };
}

function theoryOf({ theory: { scoreVariance, smallScores } }: ScalingRow): Record<MeasureName, number | null> {
  const { normalizedEntropy, maxWeight, jacobianNorm, gradient } = smallScores;
  return { scoreVariance, spread: normalizedEntropy, maxWeight, jacobian: jacobianNorm, gradient, saturated: 0 };
}
