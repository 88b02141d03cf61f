import { ValueError } from "@tfblocks/tensor-utils";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { attentionMaps, entropy, mergeScores, offsetSpectrum, selfMass } from "../index.js";
import { relativeMetrics, rowMetrics, widerMetrics } from "../testing/every-metric.js";
import { cases, mapsOf, someQueries } from "../testing/map-cases.js";

const minKeys = fc.constantFrom(1, 2);
const cuts = fc.tuple(fc.nat(6), fc.nat(6));
const { contentDependence: content } = relativeMetrics;

describe.each(Object.entries({ ...rowMetrics, contentDependence: content! }))("mergeScores of %s", (_name, metric) => {
  it("gives exactly the scores of all rows at once", () => {
    fc.assert(
      fc.property(cases, minKeys, cuts, (sample, least, drawn) => {
        const length = sample.shape[2];
        const [first, second] = drawn.map((cut) => Math.min(cut, length)).toSorted((a, b) => a - b) as [number, number];
        const blocks = [
          [0, first],
          [first, second],
          [second, length],
        ].map(([from, to]) => metric(mapsOf(someQueries(sample, from!, to!), from), least));
        expect(mergeScores(blocks)).toEqual(metric(mapsOf(sample), least));
      }),
    );
  });
});

describe("mergeScores", () => {
  const maps = attentionMaps([1, 0, 0.5, 0.5, 0.5, 0.5, 0.25, 0.75], [2, 1, 2, 2], { mask: null });
  const [, withoutFirst, withoutDiagonal] = Object.values(relativeMetrics);

  it("rejects scores that say more than single rows", () => {
    for (const metric of [...Object.values(widerMetrics), withoutFirst!, withoutDiagonal!]) {
      expect(() => mergeScores([metric(maps, 1)])).toThrow(/^mergeScores: blocks must be scores of rows that depend on no other row, got /);
    }
    expect(() => mergeScores([offsetSpectrum(maps) as never])).toThrowErrorMatchingInlineSnapshot(
      `[ValueError: mergeScores: blocks must be scores of rows that depend on no other row, got offsetSpectrum; read all rows at once, or merge the scores of a metric of single rows]`,
    );
  });

  it("rejects no blocks, and blocks of different scores", () => {
    expect(() => mergeScores([])).toThrowErrorMatchingInlineSnapshot(
      `[ValueError: mergeScores: blocks must be at least one block of scores, got none]`,
    );
    expect(() => mergeScores([entropy(maps), selfMass(maps)])).toThrowErrorMatchingInlineSnapshot(
      `[ValueError: mergeScores: blocks must be all of entropy version 1 with batch 2 and heads [0], got selfMass version 1 with batch 2 and heads [0]; merge scores of one metric over the same maps]`,
    );
    expect(() => mergeScores(entropy(maps) as never)).toThrow("blocks must be a list of scores, got an object");
    const other = attentionMaps([1, 0, 0.5, 0.5], [1, 1, 2, 2], { mask: null });
    expect(() => mergeScores([entropy(maps), entropy(other)])).toThrow(ValueError);
  });

  it("keeps the order of rows within each sequence", () => {
    const row = (batchRows: number[], queryOffset: number) => selfMass(attentionMaps(batchRows, [2, 1, 1, 2], { mask: null, queryOffset }));
    const merged = mergeScores([row([1, 0, 0.5, 0.5], 0), row([0.5, 0.5, 0.25, 0.75], 1)]);
    expect(merged).toEqual(selfMass(maps));
    expect(merged.perHead[0]!.values).toEqual([1, 0.5, 0.5, 0.75]);
  });
});
