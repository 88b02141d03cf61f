import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  attentionDistance,
  attentionMaps,
  confidence,
  contentDependence,
  duplicateTokenMass,
  entropy,
  firstTokenMass,
  headScores,
  nextTokenMass,
  normalizedEntropy,
  prefixMatching,
  previousTokenMass,
  selfMass,
  tokenMass,
  windowMass,
} from "../index.js";
import { tokensOf } from "../testing/every-metric.js";
import { cases, mapsOf } from "../testing/map-cases.js";

const length = 9;

describe("headScores", () => {
  it("has the scores of each metric alone, bit for bit", () => {
    fc.assert(
      fc.property(cases, fc.nat(3), (sample, modulus) => {
        const maps = mapsOf(sample);
        const ids = tokensOf(maps);
        const isDelimiter = (key: number): boolean => key % 4 === modulus;
        expect(headScores(maps, { ids, isDelimiter })).toEqual({
          previousTokenMass: previousTokenMass(maps),
          nextTokenMass: nextTokenMass(maps),
          selfMass: selfMass(maps),
          windowMass: windowMass(maps),
          firstTokenMass: firstTokenMass(maps),
          delimiterMass: tokenMass(maps, { keys: isDelimiter }),
          duplicateTokenMass: duplicateTokenMass(maps, { ids }),
          prefixMatching: prefixMatching(maps, { ids }),
          ...(maps.batch > 1 && { contentDependence: contentDependence(maps) }),
          entropy: entropy(maps),
          normalizedEntropy: normalizedEntropy(maps),
          confidence: confidence(maps),
          attentionDistance: attentionDistance(maps),
        });
      }),
    );
  });

  it("reads each allowed weight once, whatever the number of metrics", () => {
    const weights = Array.from({ length: 2 * length * length }, (_, cell) => {
      const [query, key] = [Math.floor(cell / length) % length, cell % length];
      return key <= query ? 1 / (query + 1) : 0;
    });
    let reads = 0;
    const counted = new Proxy(weights, {
      get(target, name) {
        if (typeof name === "string" && /^\d+$/.test(name)) reads++;
        return Reflect.get(target, name) as unknown;
      },
    });
    const causal = { at: (_batch: number, _head: number, query: number, key: number) => key <= query };
    const maps = attentionMaps(counted, [1, 2, length, length], { mask: causal });
    reads = 0;
    headScores(maps, { ids: [Array.from({ length }, (_, key) => key % 3)], isDelimiter: (key) => key === 2 });
    expect(reads).toBe(2 * ((length * (length + 1)) / 2 - 1)); // the first row has one key, and is skipped
  });
});
