import { ShapeError, ValueError } from "@tfblocks/tensor-utils";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { attentionMaps, headDistances, headDiversity } from "../index.js";
import { cases, isRead, mapsOf, reverseHeads } from "../testing/map-cases.js";

const causal = { at: (_batch: number, _head: number, query: number, key: number) => key <= query };
const minKeys = fc.constantFrom(1, 2, 3);
const oneHead = (weights: number[]) => attentionMaps(weights, [1, 1, 2, 2], { mask: causal });

describe("headDistances", () => {
  it("compares heads across layers", () => {
    const layers = [oneHead([1, 0, 0.5, 0.5]), oneHead([1, 0, 1, 0]), oneHead([1, 0, 0, 1])];
    const { heads, distances, divergences, rowsUsed } = headDistances(layers);
    expect(heads).toEqual([0, 1, 2].map((layer) => ({ layer, head: 0 })));
    expect(divergences[0]![1]).toBeCloseTo(0.31127812445913283, 12);
    expect(distances[0]![1]).toBeCloseTo(0.5579230452841438, 12);
    expect(distances[1]![2]).toBeCloseTo(1, 12);
    expect(rowsUsed).toEqual([
      [1, 1, 1],
      [1, 1, 1],
      [1, 1, 1],
    ]);
    expect(headDistances(layers, { minKeys: 1 }).divergences[0]![1]).toBeCloseTo(0.15563906222956642, 12);
  });

  it("gives null where no row is usable in both heads", () => {
    expect(headDistances(oneHead([1, 0, 1, 0]), { minKeys: 3 })).toMatchObject({ distances: [[0]], rowsUsed: [[0]] });
    const maps = attentionMaps([0.5, 0.5, 1, 0], [1, 2, 1, 2], { mask: { data: Uint8Array.of(1, 1, 1, 0), shape: [1, 2, 1, 2] } });
    expect(headDistances(maps).distances).toEqual([
      [0, null],
      [null, 0],
    ]);
  });

  it("rejects layers on other sequences, and what is not a layer", () => {
    const other = attentionMaps([1], [1, 1, 1, 1], { mask: null });
    expect(() => headDistances([oneHead([1, 0, 1, 0]), other])).toThrow(ShapeError);
    expect(() => headDistances([oneHead([1, 0, 1, 0]), other])).toThrowErrorMatchingInlineSnapshot(
      `[ShapeError: headDistances: maps must be [1, heads, 2, 2] in every layer, got [1, heads, 1, 1] in layer 1]`,
    );
    expect(() => headDistances([])).toThrow(ValueError);
    expect(() => headDistances(other, { minKey: 1 } as never)).toThrow("unknown option");
    expect(() => headDistances(other, { minKeys: 0 })).toThrow(ValueError);
    expect(() => headDistances([1] as never)).toThrow(ValueError);
  });
});

describe("headDistances of random maps", () => {
  it("equals headDiversity within a layer", () => {
    fc.assert(
      fc.property(cases, minKeys, (sample, least) => {
        const maps = mapsOf(sample);
        const { divergences, distances } = headDistances(maps, { minKeys: least });
        const expected = headDiversity(maps, { minKeys: least }).distances;
        divergences.forEach((row, head) => {
          row.forEach((value, other) => {
            if (value === null) expect(expected[head]![other]).toBeNull();
            else expect(value).toBeCloseTo(expected[head]![other]!, 12);
          });
        });
        expect(distances).toEqual(divergences.map((row) => row.map((value) => (value === null ? null : Math.sqrt(value)))));
      }),
    );
  });

  it("is 0 between a layer and itself, and 0 at most for uniform attention of the same mask", () => {
    fc.assert(
      fc.property(cases, minKeys, (sample, least) => {
        const maps = mapsOf(sample);
        const heads = sample.shape[1];
        const { distances, nullDivergences, rowsUsed } = headDistances([maps, maps], { minKeys: least });
        for (let head = 0; head < heads; head++) {
          const isUsed = rowsUsed[head]![head + heads]! > 0;
          expect(distances[head]![head + heads]).toBe(isUsed ? 0 : null);
          expect(nullDivergences[head]![head + heads]).toBe(isUsed ? 0 : null);
        }
      }),
    );
  });

  it("permutes with the heads, reads no cell outside the mask and changes nothing", () => {
    fc.assert(
      fc.property(cases, minKeys, (sample, least) => {
        const maps = mapsOf({ ...sample, weights: sample.weights.map((weight, cell) => (isRead(sample, cell) ? weight : NaN)) });
        const before = structuredClone(maps);
        const { distances } = headDistances(maps, { minKeys: least });
        const reversed = headDistances(mapsOf(reverseHeads(sample)), { minKeys: least }).distances;
        expect(distances).toEqual(reversed.toReversed().map((row) => row.toReversed()));
        expect(maps).toEqual(before);
      }),
    );
  });
});

describe("the distances of random maps", () => {
  it("obey the triangle inequality when all heads have one mask", () => {
    fc.assert(
      fc.property(cases, minKeys, (sample, least) => {
        fc.pre(sample.maskHeads === 1);
        const { distances } = headDistances(mapsOf(sample), { minKeys: least });
        for (const [a, row] of distances.entries()) {
          for (const [b, direct] of row.entries()) {
            distances.forEach((__, via) => {
              if (direct !== null && row[via] !== null && distances[via]![b] !== null) {
                expect(direct).toBeLessThanOrEqual(distances[a]![via]! + distances[via]![b]! + 1e-7);
              }
            });
          }
        }
      }),
    );
  });
});
