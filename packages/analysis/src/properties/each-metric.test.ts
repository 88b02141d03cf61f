import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { headDiversity } from "../index.js";
import { maximumOf, rowMetrics, widerMetrics } from "../testing/every-metric.js";
import { jensenShannon } from "../metrics/jensen-shannon.js";
import { expectMean, expectSameScore } from "../testing/expect-scores.js";
import { cases, isRead, mapsOf, oneSequence, repeatFirstHead, reverseHeads, uniform } from "../testing/map-cases.js";

const metrics = { ...rowMetrics, ...widerMetrics };
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
        const top = maximumOf(name, sample.shape[3] + sample.extraKeys.length);
        const bottom = name.endsWith("abs") ? -1 : 0;
        for (const value of metric(mapsOf(sample), least).perHead.flatMap(({ values, nullValues }) => [...values, ...nullValues])) {
          if (value !== null) expect(value).toSatisfy((x: number) => x >= bottom && x <= top + 1e-12);
        }
      }),
    );
  });

  it("scores uniform attention with nullScore", () => {
    fc.assert(
      fc.property(cases, minKeys, (sample, least) => {
        // What a rounded row leaves to the sink may be a little more than the equal weights of the tokens.
        fc.pre(name !== "offsetArgmaxRate" || !sample.extraKeys.includes("sink"));
        for (const { score, nullScore, lift } of metric(mapsOf(uniform(sample)), least).perHead) {
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
