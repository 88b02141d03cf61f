import fixture from "@tfblocks/fixtures/attention-metrics";
import { describe, expect, it } from "vitest";
import {
  attentionDistance,
  attentionMaps,
  type AttentionMaps,
  confidence,
  contentDependence,
  detectionScore,
  type DetectionOptions,
  duplicateTokenMass,
  duplicateTokenPattern,
  entropy,
  extraKeyMass,
  headDiversity,
  type HeadScores,
  prefixMatching,
} from "../index.js";

type Case = (typeof fixture.cases)[number];
type Metric = (maps: AttentionMaps, tokens: number[][]) => HeadScores;

const copies = (options: DetectionOptions) => (maps: AttentionMaps, tokens: number[][]) =>
  detectionScore(maps, duplicateTokenPattern(tokens), options);
const excluding = { excludeFirst: true, excludeDiagonal: true };

const metrics: Record<keyof Case["expected"], Metric> = {
  entropy: (maps) => entropy(maps),
  confidence: (maps) => confidence(maps),
  attentionDistance: (maps) => attentionDistance(maps),
  extraKeyMass: (maps) => extraKeyMass(maps),
  headDiversity: (maps) => headDiversity(maps),
  contentDependence: (maps) => contentDependence(maps),
  duplicateTokenMass: (maps, tokens) => duplicateTokenMass(maps, { ids: tokens }),
  prefixMatching: (maps, tokens) => prefixMatching(maps, { ids: tokens }),
  mul: copies({ measure: "mul" }),
  abs: copies({ measure: "abs" }),
  mulExcluding: copies({ measure: "mul", ...excluding }),
  absExcluding: copies({ measure: "abs", ...excluding }),
};

function mapsOf({ weights, shape, allowed, queryKeep, sink, learnedKey }: Case): AttentionMaps {
  const [batch, heads, queryLength, columns] = shape as [number, number, number, number];
  const keyLength = columns - Number(learnedKey);
  const mask = { data: Uint8Array.from(allowed), shape: [batch, 1, queryLength, keyLength] as const };
  const options = { mask, queryKeep: Uint8Array.from(queryKeep), sink, learnedKey };
  return attentionMaps(weights, [batch, heads, queryLength, columns], options);
}

describe.each(fixture.cases)("NumPy agrees on maps that are $name", (sample) => {
  it.each(Object.entries(metrics))("%s", (name, metric) => {
    const expected = sample.expected[name as keyof Case["expected"]];
    metric(mapsOf(sample), sample.tokens).perHead.forEach(({ score, nullScore, rowsUsed }, head) => {
      expect(rowsUsed).toBe(expected.rowsUsed);
      expectClose(score, expected.score[head]!);
      expectClose(nullScore, expected.nullScore[head]!);
    });
  });
});

function expectClose(received: number | null, expected: number | null) {
  if (expected === null) expect(received).toBeNull();
  else expect(received).toBeCloseTo(expected, 12);
}
