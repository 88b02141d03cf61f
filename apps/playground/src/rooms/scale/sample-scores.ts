import { type HeadVectors, narrowVectors, normalVectors, scalingTable, scoreHead } from "@tfblocks/analysis/scaling";
import { histogramOf } from "./histogram.js";
import type { ScoreSample } from "./scale-picture.js";
import { scoringOf } from "./scoring.js";
import { headDims, type ScaleSettings } from "./settings.js";

/** The number of scores of a sample: few enough to follow a slider. */
const sampledScores = 2048;

/** The vectors of the last sample: moving one slider at a time keeps most of them. */
interface Drawn {
  readonly keys: number;
  readonly seed: number;
  readonly widest: HeadVectors;
  readonly narrow: HeadVectors;
}

let last: Drawn | undefined;

/** Scores of random queries and keys at the chosen settings. A row of a narrower head has the first numbers of the same vectors. */
export function sampleScores(settings: ScaleSettings): ScoreSample {
  const { keys, row } = settings;
  const vectors = drawn(settings);
  const scoring = scoringOf(settings);
  const [{ scale, measured, theory }] = scalingTable({ ...scoring, vectors }).rows as [ReturnType<typeof scalingTable>["rows"][number]];
  const { scores, weights, rows } = scoreHead(vectors, { ...scoring, mask: null });
  const index = row % rows;
  const [start, end] = [index * keys, (index + 1) * keys];
  const isNormal = settings.softcap === 0;
  return {
    scale,
    rows,
    measured,
    theory,
    row: { index, scores: scores.slice(start, end), weights: weights.slice(start, end) },
    histogram: histogramOf(scores, theory.scoreVariance, isNormal),
  };
}

function drawn({ keys, seed, headDim }: ScaleSettings): HeadVectors {
  const isKnown = last?.keys === keys && last.seed === seed;
  if (isKnown && last!.narrow.headDim === headDim) return last!.narrow;
  const sizes = { headDim: Math.max(...headDims), numKeys: keys, draws: sampledScores / keys, seed };
  const widest = isKnown ? last!.widest : normalVectors(sizes);
  last = { keys, seed, widest, narrow: narrowVectors(widest, headDim) };
  return last.narrow;
}
