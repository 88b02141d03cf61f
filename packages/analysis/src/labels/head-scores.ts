import type { AttentionMaps } from "../maps/attention-maps.js";
import { headIndices, type HeadScores } from "../maps/row-scores.js";
import { attentionDistance } from "../metrics/attention-distance.js";
import { confidence } from "../metrics/confidence.js";
import { contentDependence } from "../metrics/content-dependence.js";
import { checkIds, duplicateTokenMass, prefixMatching } from "../metrics/token-patterns.js";
import { entropy, normalizedEntropy } from "../metrics/entropy.js";
import { nextTokenMass, previousTokenMass, selfMass } from "../metrics/offset-mass.js";
import { firstTokenMass, tokenMass } from "../metrics/token-mass.js";
import { windowMass } from "../metrics/window-mass.js";
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
  return {
    previousTokenMass: previousTokenMass(maps),
    nextTokenMass: nextTokenMass(maps),
    selfMass: selfMass(maps),
    windowMass: windowMass(maps),
    firstTokenMass: firstTokenMass(maps),
    ...(isDelimiter && { delimiterMass: tokenMass(maps, { keys: isDelimiter }) }),
    duplicateTokenMass: duplicateTokenMass(maps, { ids }),
    prefixMatching: prefixMatching(maps, { ids }),
    ...(maps.batch > 1 && { contentDependence: contentDependence(maps) }),
    entropy: entropy(maps),
    normalizedEntropy: normalizedEntropy(maps),
    confidence: confidence(maps),
    attentionDistance: attentionDistance(maps),
  };
}
