import reference from "@tfblocks/fixtures/head-similarity";
import { ShapeError, ValueError } from "@tfblocks/tensor-utils";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { attentionMaps, type AttentionMaps, attentionRollout } from "../index.js";
import { type Case, cases, isRead, mapsOf, reverseHeads } from "../testing/map-cases.js";

const causal = { at: (_batch: number, _head: number, query: number, key: number) => key <= query };
const half = attentionMaps([1, 0, 0.5, 0.5], [1, 1, 2, 2], { mask: causal });
const square = cases.filter(({ shape }) => shape[2] === shape[3]);

function expectRows(received: AttentionRollout["scores"][number], expected: readonly (readonly number[])[], digits = 12): void {
  expect(received.length).toBe(expected.length);
  received.forEach((row, query) => row!.forEach((value, key) => expect(value).toBeCloseTo(expected[query]![key]!, digits)));
}

type AttentionRollout = ReturnType<typeof attentionRollout>;

describe("attentionRollout", () => {
  it.each(reference.paths)("equals numpy, case %#", ({ shape, isCausal, residual, maps, ...expected }) => {
    const [, heads, length] = shape as [number, number, number];
    const layers = maps.map((weights) => attentionMaps(weights, [1, heads, length, length], { mask: isCausal ? causal : null }));
    const { scores, nullScores } = attentionRollout(layers, { residual });
    expectRows(scores[0]!, expected.rollout);
    expectRows(nullScores[0]!, expected.nullRollout);
  });

  it("has the values of a case by hand, with and without the residual connection", () => {
    expectRows(attentionRollout([half, half]).scores[0]!, [
      [1, 0],
      [0.4375, 0.5625],
    ]);
    expectRows(attentionRollout([half, half], { residual: 0 }).scores[0]!, [
      [1, 0],
      [0.75, 0.25],
    ]);
    expectRows(attentionRollout([half, half], { residual: 1 }).scores[0]!, [
      [1, 0],
      [0, 1],
    ]);
  });

  it("counts the layers that are asked for", () => {
    const self = attentionMaps([1, 0, 0, 1], [1, 1, 2, 2], { mask: causal });
    const layers = [half, self, half];
    expect(attentionRollout(layers, { layers: [0, 2] }).scores).toEqual(attentionRollout([half, half]).scores);
    expect(attentionRollout(layers, { layers: [1] })).toMatchObject({
      scores: [
        [
          [1, 0],
          [0, 1],
        ],
      ],
      layers: [1],
      residual: 0.5,
    });
  });

  it("multiplies the later layer from the left", () => {
    const first = attentionMaps([0, 1, 0, 1], [1, 1, 2, 2], { mask: null });
    const second = attentionMaps([1, 0, 1, 0], [1, 1, 2, 2], { mask: null });
    expect(attentionRollout([first, second], { residual: 0 }).scores[0]).toEqual([
      [0, 1],
      [0, 1],
    ]);
  });
});

describe("attentionRollout of random maps", () => {
  it("has rows that sum to 1, or null for padding, and ignores the order of heads", () => {
    fc.assert(
      fc.property(square, (sample) => {
        const { scores, nullScores } = attentionRollout([mapsOf(sample), mapsOf(sample)]);
        const reversed = attentionRollout([mapsOf(reverseHeads(sample)), mapsOf(sample)]).scores;
        for (const result of [scores, nullScores]) {
          result.flat().forEach((row, index) => {
            expect(row === null).toBe(sample.queryKeep[index] === 0);
            if (row !== null) expect(row.reduce((sum, value) => sum + value, 0)).toBeCloseTo(1, 12);
          });
        }
        reversed.flat().forEach((row, index) => row?.forEach((value, key) => expect(value).toBeCloseTo(scores.flat()[index]![key]!, 12)));
      }),
    );
  });

  it("reads no cell outside the mask and changes nothing", () => {
    fc.assert(
      fc.property(square, (sample: Case) => {
        const unread = mapsOf({ ...sample, weights: sample.weights.map((weight, cell) => (isRead(sample, cell) ? weight : NaN)) });
        const before = structuredClone(unread);
        expect(attentionRollout([unread])).toEqual(attentionRollout([mapsOf(sample)]));
        expect(unread).toEqual(before);
      }),
    );
  });

  it("keeps a token that attention leaves alone", () => {
    const maps = attentionMaps([0, 0, 0.5, 0.5], [1, 1, 2, 2], { mask: Uint8Array.of(0, 0, 1, 1) });
    expect(attentionRollout([maps]).scores[0]).toEqual([
      [1, 0],
      [0.25, 0.75],
    ]);
  });
});

describe("attentionRollout and bad input", () => {
  it("rejects what is not a stack of self-attention", () => {
    const cross = attentionMaps([1, 1], [1, 1, 2, 1], { mask: null });
    const cached = attentionMaps([1], [1, 1, 1, 1], { mask: null, queryOffset: 3 });
    for (const maps of [[cross], [cached], [half, attentionMaps([1], [1, 1, 1, 1], { mask: null })]]) {
      expect(() => attentionRollout(maps)).toThrow(ShapeError);
    }
    for (const maps of [[], half, [undefined], undefined]) {
      expect(() => attentionRollout(maps as unknown as AttentionMaps[])).toThrow(ValueError);
    }
  });

  it("rejects options out of range, and unknown ones", () => {
    for (const options of [{ residual: -0.1 }, { residual: 2 }, { layers: [] }, { layers: [1, 0] }, { layers: [2] }, { layers: [0.5] }]) {
      expect(() => attentionRollout([half, half], options)).toThrow(ValueError);
    }
    expect(() => attentionRollout([half], { layer: 1 } as never)).toThrow("unknown option");
    expect(() => attentionRollout([half, half], { layers: [0, 2] })).toThrowErrorMatchingInlineSnapshot(
      `[ValueError: attentionRollout: layers must be increasing indices of layers, from 0 to 1, got [0, 2]]`,
    );
    expect(() => attentionRollout([cachedMaps()])).toThrowErrorMatchingInlineSnapshot(
      `[ShapeError: attentionRollout: maps must be self-attention [1, heads, 1, 1] with equal offsets, got [1, heads, 1, 1], queryOffset 3, keyOffset 0 in layer 0]`,
    );
  });
});

function cachedMaps(): AttentionMaps {
  return attentionMaps([1], [1, 1, 1, 1], { mask: null, queryOffset: 3 });
}
