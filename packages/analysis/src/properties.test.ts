import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { AttentionMaps, HeadScore, HeadScores } from "./index.js";
import {
  attentionDistance,
  attentionSink,
  effectiveKeys,
  entropy,
  firstTokenMass,
  headDiversity,
  normalizedEntropy,
  offsetArgmaxRate,
  offsetMass,
  offsetSpectrum,
  tokenMass,
} from "./index.js";
import { jensenShannon } from "./metrics/jensen-shannon.js";
import { cases, isRead, mapsOf, normalised, oneSequence, repeatFirstHead, reverseHeads } from "./testing/map-cases.js";

const metrics: Record<string, (maps: AttentionMaps, minKeys: number) => HeadScores> = {
  entropy: (maps, minKeys) => entropy(maps, { minKeys }),
  normalizedEntropy: (maps, minKeys) => normalizedEntropy(maps, { minKeys }),
  effectiveKeys: (maps, minKeys) => effectiveKeys(maps, { minKeys }),
  "offsetMass at -1": (maps, minKeys) => offsetMass(maps, { minKeys, offset: -1 }),
  "offsetMass at 2": (maps, minKeys) => offsetMass(maps, { minKeys, offset: 2 }),
  offsetArgmaxRate: (maps, minKeys) => offsetArgmaxRate(maps, { minKeys, offset: 0 }),
  firstTokenMass: (maps, minKeys) => firstTokenMass(maps, { minKeys }),
  attentionSink: (maps, minKeys) => attentionSink(maps, { minKeys }),
  tokenMass: (maps, minKeys) => tokenMass(maps, { minKeys, keys: (token) => token % 2 === 1, queries: (token) => token !== 1 }),
  attentionDistance: (maps, minKeys) => attentionDistance(maps, { minKeys }),
  headDiversity: (maps, minKeys) => headDiversity(maps, { minKeys }),
};
/** The metrics with a maximum of 1. */
const fractions = [
  "normalizedEntropy",
  "offsetMass at -1",
  "offsetMass at 2",
  "offsetArgmaxRate",
  "firstTokenMass",
  "attentionSink",
  "tokenMass",
  "headDiversity",
];
const minKeys = fc.constantFrom(1, 2, 3);

describe.each(Object.entries(metrics))("%s and its values", (name, metric) => {
  it("counts every row, averages the values of used rows, and never gives NaN", () => {
    fc.assert(
      fc.property(cases, minKeys, (sample, least) => {
        const [batch, heads, queryLength] = sample.shape;
        const { perHead } = metric(mapsOf(sample), least);
        expect(perHead.map(({ head }) => head)).toEqual(Array.from({ length: heads }, (_, head) => head));
        for (const head of perHead) {
          expect(head.rowsUsed + Object.values(head.skippedRows).reduce((sum, rows) => sum + rows, 0)).toBe(batch * queryLength);
          expect(head.values.filter((value) => value !== null).length).toBe(head.rowsUsed);
          expectMean(head.score, head.values);
          expectMean(head.nullScore, head.nullValues);
        }
      }),
    );
  });

  it("stays within its range", () => {
    fc.assert(
      fc.property(cases, minKeys, (sample, least) => {
        const top = fractions.includes(name)
          ? 1
          : { entropy: Math.log(sample.shape[3]), effectiveKeys: sample.shape[3], attentionDistance: 6 }[name]!;
        for (const value of metric(mapsOf(sample), least).perHead.flatMap(({ values, nullValues }) => [...values, ...nullValues])) {
          if (value !== null) expect(value).toSatisfy((x: number) => x >= 0 && x <= top + 1e-12);
        }
      }),
    );
  });

  it("scores uniform attention with nullScore", () => {
    fc.assert(
      fc.property(cases, minKeys, (sample, least) => {
        const uniform = {
          ...sample,
          weights: normalised(
            sample.weights.map(() => 1),
            sample,
          ),
        };
        for (const { score, nullScore, lift } of metric(mapsOf(uniform), least).perHead) {
          if (score === null) expect(nullScore).toBeNull();
          else expect(score).toBeCloseTo(nullScore!, 12);
          if (lift !== null) expect(lift).toBeCloseTo(0, 6);
        }
      }),
    );
  });
});

describe.each(Object.entries(metrics))("%s and its maps", (name, metric) => {
  it("never reads a cell outside the mask or a padded query", () => {
    fc.assert(
      fc.property(cases, minKeys, (sample, least) => {
        const unread = { ...sample, weights: sample.weights.map((weight, cell) => (isRead(sample, cell) ? weight : NaN)) };
        expect(metric(mapsOf(unread), least)).toEqual(metric(mapsOf(sample), least));
      }),
    );
  });

  it("permutes its scores with the heads", () => {
    fc.assert(
      fc.property(cases, minKeys, (sample, least) => {
        const original = metric(mapsOf(sample), least).perHead;
        const reversed = metric(mapsOf(reverseHeads(sample)), least).perHead;
        reversed.forEach((head, index) => expectSameScore(head, original[original.length - 1 - index]!));
      }),
    );
  });

  it("pools rows over the batch", () => {
    fc.assert(
      fc.property(cases, minKeys, (sample, least) => {
        const pooled = metric(mapsOf(sample), least).perHead;
        const alone = Array.from({ length: sample.shape[0] }, (_, batch) => metric(mapsOf(oneSequence(sample, batch)), least).perHead);
        pooled.forEach(({ values }, head) => expect(values).toEqual(alone.flatMap((scores) => scores[head]!.values)));
      }),
    );
  });

  it("does not change weights or mask", () => {
    fc.assert(
      fc.property(cases, (sample) => {
        const maps = mapsOf(sample);
        const before = structuredClone(maps);
        const first = metric(maps, 1);
        expect(maps).toEqual(before);
        expect(metric(maps, 1)).toEqual(first);
      }),
    );
  });
});

describe("headDiversity", () => {
  it("is 0 for equal heads, symmetric, and the mean of its pairs", () => {
    fc.assert(
      fc.property(cases, minKeys, (sample, least) => {
        const { distances, score } = headDiversity(mapsOf(sample), { minKeys: least });
        distances.forEach((row, head) => row.forEach((distance, other) => expect(distance).toBe(distances[other]![head])));
        expectMean(
          score,
          distances.flatMap((row, head) => row.slice(0, head)),
        );
        const alike = headDiversity(mapsOf(repeatFirstHead(sample)), { minKeys: least }).score;
        if (alike !== null) expect(alike).toBe(0);
      }),
    );
  });
});

describe("jensenShannon", () => {
  const distribution = fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { minLength: 4, maxLength: 4 }).map((raw) => {
    const sum = raw.reduce((total, x) => total + x, 0);
    return Float64Array.from(raw, (x) => (sum === 0 ? 0.25 : x / sum));
  });

  it("is symmetric, 0 for equal and 1 for disjoint distributions", () => {
    fc.assert(
      fc.property(distribution, distribution, (p, q) => {
        expect(jensenShannon(p, q)).toBe(jensenShannon(q, p));
        expect(jensenShannon(p, p)).toBe(0);
        const none = new Float64Array(4);
        expect(jensenShannon(Float64Array.of(...p, ...none), Float64Array.of(...none, ...q))).toBeCloseTo(1, 12);
      }),
    );
  });

  it("has a square root that obeys the triangle inequality", () => {
    fc.assert(
      fc.property(distribution, distribution, distribution, (p, q, r) => {
        const distance = (a: Float64Array, b: Float64Array) => Math.sqrt(jensenShannon(a, b));
        expect(distance(p, r)).toBeLessThanOrEqual(distance(p, q) + distance(q, r) + 1e-7);
      }),
    );
  });
});

describe("metrics together", () => {
  it("divide the mass of a row: spectrum bars sum to 1 and, weighted by |offset|, to the distance", () => {
    fc.assert(
      fc.property(cases, minKeys, (sample, least) => {
        const maps = mapsOf(sample);
        offsetSpectrum(maps, { minKeys: least }).perHead.forEach(({ bars, head }) => {
          const { score, rowsUsed } = attentionDistance(maps, { minKeys: least }).perHead[head]!;
          const total = (weigh: (offset: number) => number) =>
            bars.reduce((sum, bar) => sum + weigh(bar.offset) * (bar.score ?? 0) * bar.rowsUsed, 0);
          expect(total(() => 1)).toBeCloseTo(rowsUsed, 10);
          expect(total(Math.abs)).toBeCloseTo((score ?? 0) * rowsUsed, 10);
        });
      }),
    );
  });

  it("agree on every offset between offsetMass and offsetSpectrum", () => {
    fc.assert(
      fc.property(cases, minKeys, (sample, least) => {
        const maps = mapsOf(sample);
        for (const { head, bars } of offsetSpectrum(maps, { minKeys: least }).perHead) {
          for (const bar of bars) expectSameScore(bar, offsetMass(maps, { minKeys: least, offset: bar.offset }).perHead[head]!);
        }
      }),
    );
  });

  it("give a class and its complement a total mass of 1", () => {
    fc.assert(
      fc.property(cases, minKeys, (sample, least) => {
        const maps = mapsOf(sample);
        const odd = tokenMass(maps, { minKeys: least, keys: (token) => token % 2 === 1 }).perHead;
        const even = tokenMass(maps, { minKeys: least, keys: (token) => token % 2 === 0 }).perHead;
        odd.forEach(({ score }, head) => score !== null && expect(score + even[head]!.score!).toBeCloseTo(1, 12));
      }),
    );
  });
});

function expectMean(score: number | null, values: readonly (number | null)[]) {
  const used = values.filter((value) => value !== null);
  if (used.length === 0) expect(score).toBeNull();
  else expect(score).toBeCloseTo(used.reduce((sum, value) => sum + value, 0) / used.length, 12);
}

function expectSameScore(received: Pick<HeadScore, "score" | "nullScore" | "lift" | "rowsUsed">, expected: HeadScore) {
  expect(received.rowsUsed).toBe(expected.rowsUsed);
  for (const part of ["score", "nullScore", "lift"] as const) {
    if (expected[part] === null) expect(received[part]).toBeNull();
    else expect(received[part]).toBeCloseTo(expected[part], 9);
  }
}
