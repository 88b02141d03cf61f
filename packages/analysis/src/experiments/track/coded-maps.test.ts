import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type AttentionMaps, type AttentionMapsOptions, attentionMaps } from "../../index.js";
import { decodeMaps, encodeMaps, layoutOf } from "./coded-maps.js";
import { base64 } from "../../base64.js";
import { readBase64 } from "../../base64.js";

const replayed = (maps: AttentionMaps) => decodeMaps(layoutOf(maps), encodeMaps(maps));

/** The largest difference of a weight, where rows are divided by their sums. */
function worst(maps: AttentionMaps, other: AttentionMaps): number {
  const at = ({ weights, rowSums, keyLength }: AttentionMaps, cell: number) => weights[cell]! / rowSums[Math.floor(cell / keyLength)]!;
  return Math.max(...Array.from({ length: maps.weights.length }, (_, cell) => Math.abs(at(maps, cell) - at(other, cell))));
}

function oneRow(weights: readonly number[], options: Partial<AttentionMapsOptions> = {}): AttentionMaps {
  return attentionMaps(weights, [1, 1, 1, weights.length], { mask: null, ...options });
}

const normalized = (numbers: readonly number[]) => {
  const sum = numbers.reduce((total, each) => total + each, 0);
  return numbers.map((each) => each / sum);
};

describe("maps in 8 bits", () => {
  it("are within 1/255 of the weights, in rows of any shape and length", () => {
    const rows = fc.array(fc.oneof(fc.double({ min: 0, max: 1, noNaN: true }), fc.double({ min: 0, max: 1e-3, noNaN: true })), {
      minLength: 1,
      maxLength: 400,
    });
    fc.assert(
      fc.property(rows, fc.integer({ min: 1, max: 200 }), (row, peak) => {
        const maps = oneRow(normalized([peak / 10, ...row]));
        expect(worst(maps, replayed(maps))).toBeLessThanOrEqual(1 / 255);
      }),
    );
  });

  it("keep a long tail that plain rounding would lose: half of the attention on 1000 keys", () => {
    const maps = oneRow([0.5, ...Array.from({ length: 1000 }, () => 0.0005)]);
    expect(replayed(maps).weights[0]).toBeCloseTo(0.5, 3);
  });

  it.each([1, 2, 3, 7, 255, 256, 1000])("keep %i equal weights equal", (count) => {
    const { weights } = replayed(oneRow(Array.from({ length: count }, () => 1 / count)));
    expect(new Set(Array.from(weights)).size).toBe(1);
    expect(weights[0]).toBeCloseTo(1 / count, 7);
  });

  it("keep a row of one key, exactly", () => {
    expect(Array.from(replayed(oneRow([0, 1, 0])).weights)).toEqual([0, 1, 0]);
  });
});

describe("the layout of maps in 8 bits", () => {
  it("is that of the maps: mask, padding, offsets", () => {
    const weights = [0.25, 0.75, 9, 1, 9, 9, 7, 7, 7, 0, 0, 0].map(Math.fround);
    const mask = { data: Uint8Array.of(1, 1, 0, 1, 0, 0, 1, 1, 1, 0, 0, 0), shape: [1, 1, 4, 3] as const };
    const maps = attentionMaps(weights, [1, 1, 4, 3], { mask, queryKeep: Uint8Array.of(1, 1, 0, 1), queryOffset: 2, keyOffset: 1 });
    const { weights: seen, ...rest } = replayed(maps);
    const { weights: _, ...expected } = maps;
    expect(rest).toEqual(expected);
    expect(Array.from(seen).map((weight) => Number(weight.toFixed(2)))).toEqual([0.25, 0.75, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0]);
    expect(layoutOf(maps).allowed.data).not.toBe(mask.data);
  });

  it("has the extra keys", () => {
    const both = attentionMaps([0.2, 0.3, 0.1], [1, 1, 1, 3], { mask: null, learnedKey: true, sink: true });
    const seen = replayed(both);
    expect(seen.extraKeys).toEqual(["learnedKey", "sink"]);
    expect(Array.from(seen.weights)).toEqual([expect.closeTo(0.2, 2), expect.closeTo(0.3, 2)]);
    expect(Array.from(seen.extraWeights)).toEqual([expect.closeTo(0.1, 2), expect.closeTo(0.4, 2)]);
    expect(replayed(oneRow([0, 0], { sink: true })).extraWeights).toEqual(Float64Array.of(1));
  });
});

describe("base64", () => {
  it("is read as it is written", () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 50 }), (bytes) => {
        expect(readBase64(base64(bytes))).toEqual(bytes);
      }),
    );
  });

  it.each(["A", "AB", "ABC", "====", "A===", "AB=C", "AB-_", "ABCÄ", "AB C"])("is not %s", (text) => {
    expect(readBase64(text)).toBeUndefined();
  });
});
