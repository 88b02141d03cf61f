import type { AttentionMaps } from "../maps/attention-maps.js";
import { headIndices, type HeadScores } from "../maps/row-scores.js";
import { type RowMetric, scoreMetrics } from "../maps/score-metrics.js";
import { distanceMetric } from "../metrics/attention-distance.js";
import { confidenceMetric } from "../metrics/confidence.js";
import { contentDependence } from "../metrics/content-dependence.js";
import { entropyMetric, normalizedEntropyMetric } from "../metrics/entropy.js";
import { offsetMetric } from "../metrics/offset-mass.js";
import { firstTokenMetric, tokenMassMetric } from "../metrics/token-mass.js";
import { checkIds, repeatedMetric } from "../metrics/token-patterns.js";
import { windowMetric } from "../metrics/window-mass.js";
import { checkedContext, type LabelContext, labelContextNames } from "./rules.js";

/** The metrics of a report, by name. */
export type ScoresByMetric = Readonly<Record<string, HeadScores>>;

/**
 * The metrics that describe a head of self-attention, with their default options: those of the labels, and entropy, confidence
 * and distance. `delimiterMass` is there if the context tells delimiters, `contentDependence` with two or more sequences.
 *
 * @throws ShapeError when there is not one id for each key of each sequence
 * @throws ValueError when an id is not an integer, `isDelimiter` is not a function, or an option is unknown
 */
export function headScores(maps: AttentionMaps, context: LabelContext): ScoresByMetric {
  const { ids, isDelimiter } = checkedContext("headScores", context, labelContextNames);
  headIndices("headScores", maps);
  checkIds("headScores", maps, ids);
  return scoresOf(maps, {
    previousTokenMass: offsetMetric("previousTokenMass", maps, -1),
    nextTokenMass: offsetMetric("nextTokenMass", maps, 1),
    selfMass: offsetMetric("selfMass", maps, 0),
    windowMass: windowMetric(maps),
    firstTokenMass: firstTokenMetric("firstTokenMass", maps),
    ...(isDelimiter && { delimiterMass: tokenMassMetric(maps, { keys: isDelimiter }) }),
    duplicateTokenMass: repeatedMetric("duplicateTokenMass", maps, { ids }),
    prefixMatching: repeatedMetric("prefixMatching", maps, { ids }),
    ...(maps.batch > 1 && { contentDependence: contentDependence(maps) }),
    entropy: entropyMetric(),
    normalizedEntropy: normalizedEntropyMetric(),
    confidence: confidenceMetric(),
    attentionDistance: distanceMetric(maps),
  });
}

/** Scores the metrics that are not scored yet, for which each row is read once. */
export function scoresOf(maps: AttentionMaps, metrics: Readonly<Record<string, RowMetric | HeadScores>>): ScoresByMetric {
  const unscored = Object.values(metrics).filter((metric) => "measure" in metric);
  const scored = new Map(scoreMetrics(maps, unscored).map((scores, index) => [unscored[index]!, scores]));
  return Object.fromEntries(Object.entries(metrics).map(([name, metric]) => [name, "measure" in metric ? scored.get(metric)! : metric]));
}
