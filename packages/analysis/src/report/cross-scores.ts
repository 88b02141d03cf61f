import type { ScoresByMetric } from "../labels/head-scores.js";
import type { LabelContext } from "../labels/rules.js";
import type { AttentionMaps } from "../maps/attention-maps.js";
import { confidence } from "../metrics/confidence.js";
import { entropy, normalizedEntropy } from "../metrics/entropy.js";
import { firstTokenMass, tokenMass } from "../metrics/token-mass.js";

/** The metrics of cross-attention: those that need no position of the query among the keys. */
export function crossScores(maps: AttentionMaps, { isDelimiter }: LabelContext): ScoresByMetric {
  return {
    firstTokenMass: firstTokenMass(maps),
    ...(isDelimiter && { delimiterMass: tokenMass(maps, { keys: isDelimiter }) }),
    entropy: entropy(maps),
    normalizedEntropy: normalizedEntropy(maps),
    confidence: confidence(maps),
  };
}
