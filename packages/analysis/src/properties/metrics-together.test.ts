import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { attentionDistance, extraKeyMass, offsetMass, offsetSpectrum, tokenMass } from "../index.js";
import { expectSameScore } from "../testing/expect-scores.js";
import { cases, mapsOf } from "../testing/map-cases.js";

const minKeys = fc.constantFrom(1, 2, 3);

describe("metrics together", () => {
  it("divide the mass of a row: spectrum bars sum to it and, weighted by |offset|, to the distance", () => {
    fc.assert(
      fc.property(cases, minKeys, (sample, least) => {
        const maps = mapsOf(sample);
        offsetSpectrum(maps, { minKeys: least }).perHead.forEach(({ bars, head }) => {
          const extra = extraKeyMass(maps, { minKeys: least }).perHead[head]!.score ?? 0;
          const { score, rowsUsed } = attentionDistance(maps, { minKeys: least }).perHead[head]!;
          const total = (weigh: (offset: number) => number) =>
            bars.reduce((sum, bar) => sum + weigh(bar.offset) * (bar.score ?? 0) * bar.rowsUsed, 0);
          expect(total(() => 1)).toBeCloseTo(rowsUsed * (1 - extra), 10);
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

  it("give a class, its complement and the extra keys a total mass of 1", () => {
    fc.assert(
      fc.property(cases, minKeys, (sample, least) => {
        const maps = mapsOf(sample);
        const odd = tokenMass(maps, { minKeys: least, keys: (token) => token % 2 === 1 }).perHead;
        const even = tokenMass(maps, { minKeys: least, keys: (token) => token % 2 === 0 }).perHead;
        const extra = extraKeyMass(maps, { minKeys: least }).perHead;
        odd.forEach(
          ({ score }, head) => score !== null && expect(score + even[head]!.score! + (extra[head]!.score ?? 0)).toBeCloseTo(1, 12),
        );
      }),
    );
  });
});
