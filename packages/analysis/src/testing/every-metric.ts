import * as analysis from "../index.js";
import type { AttentionMaps, HeadScores } from "../index.js";

type Metric = (maps: AttentionMaps, minKeys: number) => HeadScores;

/** Two kinds of tokens: 0 1 1 0 1 1 … */
export function tokensOf({ batch, keyLength }: AttentionMaps): number[][] {
  return Array.from({ length: batch }, () => Array.from({ length: keyLength }, (_, key) => (key * key) % 3));
}

/** A chain: the head of word 0 is the root, that of the others two words before or one after. */
export function chain({ batch, keyLength }: AttentionMaps): number[][] {
  const headOf = (word: number) => (word < 2 ? word - 1 : word % 2 === 0 || word === keyLength - 1 ? word - 2 : word + 1);
  return Array.from({ length: batch }, () => Array.from({ length: keyLength }, (_, word) => headOf(word)));
}

/** The previous token. */
export const previous = { at: (_batch: number, _head: number, query: number, key: number) => key === query - 1 };
const chequered = { at: (_batch: number, _head: number, query: number, key: number) => (query + key) % 2 === 0 };

/** The metrics whose value of a row depends on that row alone, and their largest value when that is 1. */
export const rowMetrics: Record<string, Metric> = {
  entropy: (maps, minKeys) => analysis.entropy(maps, { minKeys }),
  normalizedEntropy: (maps, minKeys) => analysis.normalizedEntropy(maps, { minKeys }),
  effectiveKeys: (maps, minKeys) => analysis.effectiveKeys(maps, { minKeys }),
  confidence: (maps, minKeys) => analysis.confidence(maps, { minKeys }),
  extraKeyMass: (maps, minKeys) => analysis.extraKeyMass(maps, { minKeys }),
  "offsetMass at -1": (maps, minKeys) => analysis.offsetMass(maps, { minKeys, offset: -1 }),
  "offsetMass at 2": (maps, minKeys) => analysis.offsetMass(maps, { minKeys, offset: 2 }),
  offsetArgmaxRate: (maps, minKeys) => analysis.offsetArgmaxRate(maps, { minKeys, offset: 0 }),
  firstTokenMass: (maps, minKeys) => analysis.firstTokenMass(maps, { minKeys }),
  tokenMass: (maps, minKeys) =>
    analysis.tokenMass(maps, { minKeys, keys: (token) => token % 2 === 1, queries: (token) => token + maps.queryOffset !== 1 }),
  windowMass: (maps, minKeys) => analysis.windowMass(maps, { minKeys, distance: 1 }),
  attentionDistance: (maps, minKeys) => analysis.attentionDistance(maps, { minKeys }),
  patternMass: (maps, minKeys) => analysis.patternMass(maps, chequered, { minKeys }),
  duplicateTokenMass: (maps, minKeys) => analysis.duplicateTokenMass(maps, { minKeys, ids: tokensOf(maps) }),
  prefixMatching: (maps, minKeys) => analysis.prefixMatching(maps, { minKeys, ids: tokensOf(maps) }),
  "detectionScore by mul": (maps, minKeys) => analysis.detectionScore(maps, previous, { minKeys }),
  "detectionScore by abs": (maps, minKeys) =>
    analysis.detectionScore(maps, previous, { minKeys, measure: "abs", excludeFirst: true, excludeDiagonal: true }),
};

/** Results that have the values of rows and more, by which blocks of rows cannot be merged. */
export const widerMetrics: Record<string, Metric> = {
  attentionSink: (maps, minKeys) => analysis.attentionSink(maps, { minKeys }),
  headDiversity: (maps, minKeys) => analysis.headDiversity(maps, { minKeys }),
  dependencyAccuracy: (maps, minKeys) => analysis.dependencyAccuracy(maps, { minKeys, heads: chain(maps) }),
};

/** The metrics whose values of rows depend on other rows. */
export const relativeMetrics: Record<string, Metric> = {
  contentDependence: (maps, minKeys) => analysis.contentDependence(maps, { minKeys }),
  "contentDependence without the first key": (maps, minKeys) => analysis.contentDependence(maps, { minKeys, excludeFirst: true }),
  "detectionScore by mul without the diagonal": (maps, minKeys) =>
    analysis.detectionScore(maps, previous, { minKeys, excludeDiagonal: true }),
};

/** The largest value of metrics whose maximum is not 1. */
export function maximumOf(name: string, keys: number): number {
  return { entropy: Math.log(keys), effectiveKeys: keys, attentionDistance: 6 }[name] ?? 1;
}
