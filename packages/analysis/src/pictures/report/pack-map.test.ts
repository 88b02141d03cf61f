import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { DecodedMap } from "../../../page/decoded-map.js";
import { causalMap, causalMapOf } from "../../testing/pictures.js";
import { base64 } from "../../base64.js";
import { packMap, topColumns, wholeMapCells } from "./pack-map.js";

describe("a packed map", () => {
  it("is read as it was, to 16 bits", () => {
    const map = new DecodedMap(packMap(causalMap, 16));
    for (let cell = 0; cell < 16; cell++) {
      const { weight, isExact } = map.at(Math.floor(cell / 4), cell % 4);
      expect(isExact).toBe(true);
      if (causalMap.allowed![cell] === 0) expect(weight).toBeNull();
      else expect(weight).toBeCloseTo(causalMap.weights[cell]!, 4);
    }
    expect(map.keysOf(2).map(({ column }) => column)).toEqual([2, 1, 0]);
    expect(map.hasMasked).toBe(true);
  });

  it("tells 0 and masked apart", () => {
    const map = new DecodedMap(packMap({ weights: [0, 0], allowed: [1, 0], rows: 1, columns: 2 }, 2));
    expect([map.at(0, 0).weight, map.at(0, 1).weight]).toEqual([0, null]);
    const rounded = new DecodedMap(packMap({ weights: [-1e-4, 0.5], allowed: [1, 0], rows: 1, columns: 2 }, 2));
    expect([rounded.at(0, 0).weight, rounded.at(0, 1).weight]).toEqual([0, null]);
  });

  it("beyond the limit has the largest weight of each block and the exact largest of each row", () => {
    const whole = causalMapOf(200, 3);
    const map = new DecodedMap(packMap(whole, 16));
    expect([map.pool, map.width, map.height]).toEqual([3, 67, 67]);
    for (const row of [0, 5, 199]) {
      const best = topColumns(whole, row, 8);
      expect(map.keysOf(row).map(({ column }) => column)).toEqual(best);
      for (const column of best) expect(map.at(row, column).weight).toBeCloseTo(whole.weights[row * 200 + column]!, 4);
    }
    const block = [150, 151, 152].flatMap((row) => [60, 61, 62].map((column) => whole.weights[row * 200 + column]!));
    expect(map.codes[50 * 67 + 20]! / 0xff_fe).toBeCloseTo(Math.max(...block), 4);
    expect(map.at(0, 199)).toEqual({ weight: null, isExact: false });
  });

  it("can be shrunk to the largest weights of blocks", () => {
    const { codes, width, height } = new DecodedMap(packMap(causalMap, 16)).shrunk(2);
    expect([width, height]).toEqual([2, 2]);
    expect(Array.from(codes, (code) => (code === 0xff_ff ? null : code / 0xff_fe))).toEqual([
      1,
      null,
      expect.closeTo(0.3, 4),
      expect.closeTo(0.5, 4),
    ]);
  });

  it("is whole up to its share of all cells", () => {
    expect([wholeMapCells(1), wholeMapCells(144), wholeMapCells(1e6), wholeMapCells(0)]).toEqual([2 ** 22, 29_127, 4096, 2 ** 22]);
  });
});

describe("the largest weights of a row", () => {
  it("are those of a stable sort", () => {
    const rows = fc.array(fc.constantFrom(0, 0.1, 0.2, 0.5, 1), { minLength: 1, maxLength: 20 });
    fc.assert(
      fc.property(rows, fc.integer({ min: 1, max: 8 }), (weights, count) => {
        const columns = weights.map((_, column) => column).toSorted((a, b) => weights[b]! - weights[a]! || a - b);
        expect(topColumns({ weights, allowed: null, rows: 1, columns: weights.length }, 0, count)).toEqual(columns.slice(0, count));
      }),
    );
  });
});

describe("base64", () => {
  it("is that of the platform, also across its parts", () => {
    for (const length of [0, 1, 2, 3, 4, 100_001]) {
      const bytes = Uint8Array.from({ length }, (_, index) => (index * 31) % 256);
      expect(base64(bytes)).toBe(btoa(Array.from(bytes, (byte) => String.fromCharCode(byte)).join("")));
    }
  });
});
