import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { AttentionMaps, HeadScore, HeadScores, MapShape } from "./index.js";
import {
  attentionDistance,
  attentionMaps,
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
import { jensenShannon } from "./jensen-shannon.js";

interface Case {
  readonly shape: MapShape;
  readonly maskHeads: number;
  readonly weights: Float64Array;
  readonly allowed: Uint8Array;
  readonly queryKeep: Uint8Array;
}

const cases = fc
  .record({ batch: size(1, 2), heads: size(1, 4), queryLength: size(0, 6), keyLength: size(1, 6), maskPerHead: fc.boolean() })
  .chain(({ batch, heads, queryLength, keyLength, maskPerHead }) => {
    const maskHeads = maskPerHead ? heads : 1;
    return fc.record({
      shape: fc.constant<MapShape>([batch, heads, queryLength, keyLength]),
      maskHeads: fc.constant(maskHeads),
      raw: numbers(batch * heads * queryLength * keyLength),
      allowed: flags(batch * maskHeads * queryLength * keyLength),
      queryKeep: flags(batch * queryLength),
    });
  })
  .map(({ raw, ...rest }): Case => ({ ...rest, weights: normalised(raw, rest) }));

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
const shares = [
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

describe.each(Object.entries(metrics))("%s", (name, metric) => {
  it("accounts for every row, averages the values it keeps, and never gives NaN", () => {
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
        const top = shares.includes(name)
          ? 1
          : { entropy: Math.log(sample.shape[3]), effectiveKeys: sample.shape[3], attentionDistance: 6 }[name]!;
        for (const value of metric(mapsOf(sample), least).perHead.flatMap(({ values, nullValues }) => [...values, ...nullValues])) {
          if (value !== null) expect(value).toSatisfy((x: number) => x >= 0 && x <= top + 1e-12);
        }
      }),
    );
  });

  it("never reads a cell outside the mask or a padded query", () => {
    fc.assert(
      fc.property(cases, minKeys, (sample, least) => {
        const poisoned = { ...sample, weights: sample.weights.map((weight, cell) => (isRead(sample, cell) ? weight : NaN)) };
        expect(metric(mapsOf(poisoned), least)).toEqual(metric(mapsOf(sample), least));
      }),
    );
  });

  it("scores uniform attention as its null", () => {
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

  it("follows a permutation of the heads", () => {
    fc.assert(
      fc.property(cases, minKeys, (sample, least) => {
        const straight = metric(mapsOf(sample), least).perHead;
        const turned = metric(mapsOf(reverseHeads(sample)), least).perHead;
        turned.forEach((head, index) => expectSameScore(head, straight[straight.length - 1 - index]!));
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

  it("leaves weights and mask as they were", () => {
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
  it("split the mass of a row: spectrum bars add up to 1, weighted by |offset| to the distance", () => {
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

  it("agree on every offset, whether asked one by one or as a spectrum", () => {
    fc.assert(
      fc.property(cases, minKeys, (sample, least) => {
        const maps = mapsOf(sample);
        for (const { head, bars } of offsetSpectrum(maps, { minKeys: least }).perHead) {
          for (const bar of bars) expectSameScore(bar, offsetMass(maps, { minKeys: least, offset: bar.offset }).perHead[head]!);
        }
      }),
    );
  });

  it("give a class and its complement a mass of 1", () => {
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

function size(min: number, max: number) {
  return fc.integer({ min, max });
}

function numbers(length: number) {
  return fc.array(fc.oneof(fc.constant(0), fc.double({ min: 0, max: 1, noNaN: true })), { minLength: length, maxLength: length });
}

function flags(length: number) {
  const flag = fc.constantFrom(0, 1, 1, 1);
  return fc.array(flag, { minLength: length, maxLength: length }).map((values) => Uint8Array.from(values));
}

function mapsOf({ shape, maskHeads, weights, allowed, queryKeep }: Case): AttentionMaps {
  const [batch, , queryLength, keyLength] = shape;
  return attentionMaps(weights, shape, { mask: { data: allowed, shape: [batch, maskHeads, queryLength, keyLength] }, queryKeep });
}

function isAllowed({ shape, maskHeads, allowed }: Omit<Case, "weights">, cell: number): boolean {
  const [, heads, queryLength, keyLength] = shape;
  const area = queryLength * keyLength;
  const map = Math.floor(cell / area);
  const maskMap = Math.floor(map / heads) * maskHeads + (maskHeads === 1 ? 0 : map % heads);
  return allowed[maskMap * area + (cell % area)] === 1;
}

function isRead(sample: Case, cell: number): boolean {
  const [, heads, queryLength, keyLength] = sample.shape;
  const row = Math.floor(cell / keyLength);
  return isAllowed(sample, cell) && sample.queryKeep[Math.floor(row / (heads * queryLength)) * queryLength + (row % queryLength)] === 1;
}

function normalised(raw: ArrayLike<number>, sample: Omit<Case, "weights">): Float64Array {
  const keyLength = sample.shape[3];
  const weights = Float64Array.from(raw);
  for (let start = 0; start < weights.length; start += keyLength) {
    const cells = Array.from({ length: keyLength }, (_, key) => start + key).filter((cell) => isAllowed(sample, cell));
    const sum = cells.reduce((total, cell) => total + weights[cell]!, 0);
    for (const cell of cells) weights[cell] = sum === 0 ? 1 / cells.length : weights[cell]! / sum;
  }
  return weights;
}

function mapBlocks<Kind extends Float64Array | Uint8Array>(
  data: Kind,
  heads: number,
  area: number,
  source: (head: number) => number,
): Kind {
  const copy = data.slice() as Kind;
  const maps = area === 0 ? 0 : data.length / area;
  for (let map = 0; map < maps; map++) {
    const from = map - (map % heads) + source(map % heads);
    copy.set(data.subarray(from * area, (from + 1) * area), map * area);
  }
  return copy;
}

function withHeads(sample: Case, source: (head: number) => number): Case {
  const [, heads, queryLength, keyLength] = sample.shape;
  const area = queryLength * keyLength;
  const allowed = sample.maskHeads === 1 ? sample.allowed : mapBlocks(sample.allowed, heads, area, source);
  return { ...sample, allowed, weights: mapBlocks(sample.weights, heads, area, source) };
}

function reverseHeads(sample: Case): Case {
  return withHeads(sample, (head) => sample.shape[1] - 1 - head);
}

function repeatFirstHead(sample: Case): Case {
  return withHeads(sample, () => 0);
}

function oneSequence({ shape, maskHeads, weights, allowed, queryKeep }: Case, batch: number): Case {
  const [, heads, queryLength, keyLength] = shape;
  const part = <Kind extends Float64Array | Uint8Array>(data: Kind, length: number) =>
    data.slice(batch * length, (batch + 1) * length) as Kind;
  return {
    shape: [1, heads, queryLength, keyLength],
    maskHeads,
    weights: part(weights, heads * queryLength * keyLength),
    allowed: part(allowed, maskHeads * queryLength * keyLength),
    queryKeep: part(queryKeep, queryLength),
  };
}

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
