import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { attentionMaps, effectiveHeads, effectiveRank } from "../index.js";
import { cases, isRead, mapsOf, repeatFirstHead, reverseHeads } from "../testing/map-cases.js";

const causal = { at: (_batch: number, _head: number, query: number, key: number) => key <= query };
const minKeys = fc.constantFrom(1, 2, 3);

describe("effectiveHeads", () => {
  it("is the effective rank of the heads' maps", () => {
    const maps = attentionMaps([1, 0, 0.5, 0.5, 1, 0, 1, 0], [1, 2, 2, 2], { mask: causal });
    const everyRow = effectiveHeads(maps, { minKeys: 1 });
    expect(everyRow.score).toBeCloseTo(1.670454003864856, 12);
    expect(everyRow.singularValues[0]).toBeCloseTo(1.8085050822639548, 12);
    expect(everyRow).toMatchObject({ rowsUsed: 2, metric: "effectiveHeads", version: 1 });
    const rows = [
      [0.5, 0.5],
      [1, 0],
    ];
    expect(effectiveHeads(maps).score).toBeCloseTo(effectiveRank(rows)!, 12);
  });

  it("counts heads without a common key", () => {
    const identity = [1, 0, 0, 0, 1, 0, 0, 0, 1];
    expect(effectiveHeads(attentionMaps(identity, [1, 3, 1, 3], { mask: null })).score).toBeCloseTo(3, 12);
  });

  it("is 1 for uniform heads of one mask, and more where masks differ", () => {
    const halves = Uint8Array.of(1, 1, 0, 0, 0, 0, 1, 1);
    const maps = attentionMaps([1, 0, 0, 0, 0, 0, 0.5, 0.5], [1, 2, 1, 4], { mask: { data: halves, shape: [1, 2, 1, 4] } });
    expect(effectiveHeads(maps).nullScore).toBeCloseTo(2, 12);
    expect(effectiveHeads(attentionMaps([1, 0, 0, 1], [1, 2, 1, 2], { mask: null })).nullScore).toBeCloseTo(1, 12);
  });

  it("is null without a usable row, and rejects unknown options", () => {
    const maps = attentionMaps([1, 0, 0, 1], [1, 2, 1, 2], { mask: null });
    expect(effectiveHeads(maps, { minKeys: 3 })).toMatchObject({ score: null, nullScore: null, rowsUsed: 0, singularValues: [] });
    expect(() => effectiveHeads(maps, { minKey: 1 } as never)).toThrow("unknown option");
  });
});

describe("effectiveHeads of random maps", () => {
  it("is from 1 to the number of heads, ignores their order, and is 1 when they are alike", () => {
    fc.assert(
      fc.property(cases, minKeys, (sample, least) => {
        const { score } = effectiveHeads(mapsOf(sample), { minKeys: least });
        if (score === null) return;
        expect(score).toSatisfy((value: number) => value >= 1 && value <= sample.shape[1]);
        expect(effectiveHeads(mapsOf(reverseHeads(sample)), { minKeys: least }).score).toBeCloseTo(score, 9);
        const alike = effectiveHeads(mapsOf(repeatFirstHead(sample)), { minKeys: least }).score;
        if (alike !== null) expect(alike).toBeCloseTo(1, 9);
      }),
    );
  });

  it("reads no cell outside the mask and changes nothing", () => {
    fc.assert(
      fc.property(cases, minKeys, (sample, least) => {
        const unread = { ...sample, weights: sample.weights.map((weight, cell) => (isRead(sample, cell) ? weight : NaN)) };
        const maps = mapsOf(unread);
        const before = structuredClone(maps);
        expect(effectiveHeads(maps, { minKeys: least })).toEqual(effectiveHeads(mapsOf(sample), { minKeys: least }));
        expect(maps).toEqual(before);
      }),
    );
  });
});
