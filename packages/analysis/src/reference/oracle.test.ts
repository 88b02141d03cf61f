import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  type AttentionMaps,
  confidence,
  contentDependence,
  dependencyAccuracy,
  detectionScore,
  duplicateTokenMass,
  extraKeyMass,
  type HeadScores,
  prefixMatching,
} from "../index.js";
import { chain, previous, tokensOf } from "../testing/every-metric.js";
import { type Case, cases, mapsOf } from "../testing/map-cases.js";
import { mayAttend, oracleContentDependence, oracleMean } from "../testing/oracle.js";

const minKeys = fc.constantFrom(1, 2, 3);

function check(metric: (maps: AttentionMaps, least: number) => HeadScores, oracle: (sample: Case, head: number, least: number) => unknown) {
  fc.assert(
    fc.property(cases, minKeys, (sample, least) => {
      for (const { head, score } of metric(mapsOf(sample), least).perHead) {
        const expected = oracle(sample, head, least);
        if (expected === null) expect(score).toBeNull();
        else expect(score).toBeCloseTo(expected as number, 10);
      }
    }),
    { numRuns: 300 },
  );
}

/** The sum over the keys of a row that the mask allows and a condition selects; null when there are none. */
function massWhere(sample: Case, least: number, head: number, isTarget: (query: number, key: number) => boolean): number | null {
  return oracleMean(sample, head, least, (row, query, batch) => {
    let mass: number | null = null;
    for (let key = 0; key < sample.shape[3]; key++) {
      if (isTarget(query, key) && mayAttend(sample, batch, head, query, key)) mass = (mass ?? 0) + row[key]!;
    }
    return mass;
  });
}

describe("plain loops agree on rows with", () => {
  const token = (key: number) => (key * key) % 3;

  it("confidence", () => {
    check(
      (maps, least) => confidence(maps, { minKeys: least }),
      (sample, head, least) => oracleMean(sample, head, least, (row) => Math.max(...row)),
    );
  });

  it("extraKeyMass", () => {
    check(
      (maps, least) => extraKeyMass(maps, { minKeys: least }),
      (sample, head, least) =>
        oracleMean(sample, head, least, (row) => {
          const extra = row.slice(sample.shape[3]);
          return extra.length === 0 ? null : extra.reduce((sum, p) => sum + p, 0);
        }),
    );
  });

  it("duplicateTokenMass", () => {
    check(
      (maps, least) => duplicateTokenMass(maps, { minKeys: least, ids: tokensOf(maps) }),
      (sample, head, least) =>
        massWhere(sample, least, head, (query, key) => key < query && query < sample.shape[3] && token(key) === token(query)),
    );
  });

  it("prefixMatching", () => {
    check(
      (maps, least) => prefixMatching(maps, { minKeys: least, ids: tokensOf(maps) }),
      (sample, head, least) =>
        massWhere(
          sample,
          least,
          head,
          (query, key) => key > 0 && key < query && query < sample.shape[3] && token(key - 1) === token(query),
        ),
    );
  });
});

describe("plain loops agree on sums with", () => {
  it.each([0, 1])("contentDependence from key %i", (firstKey) => {
    check(
      (maps, least) => contentDependence(maps, { minKeys: least, excludeFirst: firstKey === 1 }),
      (sample, head, least) => oracleContentDependence(sample, head, least, firstKey),
    );
  });

  it("detectionScore by mul without the first key and the diagonal", () => {
    check(
      (maps, least) => detectionScore(maps, previous, { minKeys: least, excludeFirst: true, excludeDiagonal: true }),
      (sample, head, least) => {
        const sums = [0, 0];
        oracleMean(sample, head, least, (row, query) => {
          row.forEach((p, key) => {
            if (key < sample.shape[3] && (key === 0 || key === query)) return;
            sums[1]! += p;
            if (key < sample.shape[3] && key === query - 1) sums[0]! += p;
          });
          return 0;
        });
        return sums[1] === 0 ? null : sums[0]! / sums[1]!;
      },
    );
  });

  it("detectionScore by abs", () => {
    check(
      (maps, least) => detectionScore(maps, previous, { minKeys: least, measure: "abs" }),
      (sample, head, least) =>
        oracleMean(
          sample,
          head,
          least,
          (row, query) => 1 - row.reduce((sum, p, key) => sum + Math.abs(p - Number(key < sample.shape[3] && key === query - 1)), 0),
        ),
    );
  });
});

describe("plain loops agree on words with", () => {
  it("dependencyAccuracy", () => {
    check(
      (maps, least) => dependencyAccuracy(maps, { minKeys: least, heads: chain(maps) }),
      (sample, head, least) => {
        const keyLength = sample.shape[3];
        const [heads] = chain({ batch: 1, keyLength } as AttentionMaps);
        return oracleMean(sample, head, least, (row, query, batch) => {
          const target = heads![query] ?? -1;
          if (target < 0 || !mayAttend(sample, batch, head, query, target)) return null;
          const open = row.slice(0, keyLength).filter((_, key) => mayAttend(sample, batch, head, query, key));
          const top = Math.max(...open);
          return row[target] === top ? 1 / open.filter((p) => p === top).length : 0;
        });
      },
    );
  });
});
