import { type ScoresByMetric, scoresOf } from "../labels/head-scores.js";
import type { LabelContext } from "../labels/rules.js";
import type { AttentionMaps } from "../maps/attention-maps.js";
import { confidenceMetric } from "../metrics/confidence.js";
import { entropyMetric, normalizedEntropyMetric } from "../metrics/entropy.js";
import { firstTokenMetric, tokenMassMetric } from "../metrics/token-mass.js";

/** The metrics of cross-attention: those that need no position of the query among the keys. */
export function crossScores(maps: AttentionMaps, { isDelimiter }: LabelContext): ScoresByMetric {
  return scoresOf(maps, {
    firstTokenMass: firstTokenMetric("firstTokenMass", maps),
    ...(isDelimiter && { delimiterMass: tokenMassMetric(maps, { keys: isDelimiter }) }),
    entropy: entropyMetric(),
    normalizedEntropy: normalizedEntropyMetric(),
    confidence: confidenceMetric(),
  });
}
