import { ShapeError, ValueError } from "@tfblocks/tensor-utils";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { effectiveRank, participationRatio, stableRank } from "../index.js";

const measures = { effectiveRank, stableRank, participationRatio };
const identity = [
  [1, 0, 0],
  [0, 1, 0],
  [0, 0, 1],
];
const rankOne = [
  [1, 2],
  [2, 4],
  [0, 0],
];
const diagonal = [
  [3, 0],
  [0, 1],
];

describe.each(Object.entries(measures))("%s", (_, measure) => {
  it("is the size of an identity, and 1 at rank one", () => {
    expect(measure(identity)).toBeCloseTo(3, 12);
    expect(measure(rankOne)).toBeCloseTo(1, 12);
  });

  it("is null for a matrix of zeros and for none", () => {
    expect(measure([[0, 0]])).toBeNull();
    expect(measure([])).toBeNull();
  });

  it("is from 1 to the shorter side, and ignores scale and the order of rows", () => {
    const row = fc.array(fc.double({ min: -1, max: 1, noNaN: true }), { minLength: 4, maxLength: 4 });
    fc.assert(
      fc.property(fc.array(row, { minLength: 1, maxLength: 6 }), (matrix) => {
        const rank = measure(matrix);
        if (rank === null) return;
        expect(rank).toSatisfy((value: number) => value >= 1 - 1e-12 && value <= Math.min(4, matrix.length) + 1e-12);
        expect(measure(matrix.toReversed().map((values) => values.map((value) => value * 1000)))).toBeCloseTo(rank, 9);
      }),
    );
  });

  it("rejects what is not a matrix of finite numbers", () => {
    expect(() => measure([[1, 2], [3]])).toThrow(ShapeError);
    expect(() => measure([[NaN]])).toThrow(ValueError);
    expect(() => measure(new Float32Array(4) as never)).toThrow(ValueError);
  });
});

it("diag(3, 1) has the values of the formulas", () => {
  expect(effectiveRank(diagonal)).toBeCloseTo(Math.exp(-(0.75 * Math.log(0.75) + 0.25 * Math.log(0.25))), 12);
  expect(effectiveRank(diagonal)).toBeCloseTo(1.7547653506033232, 12);
  expect(stableRank(diagonal)).toBeCloseTo(10 / 9, 12);
  expect(participationRatio(diagonal)).toBeCloseTo(100 / 82, 12);
});

it("a uniform causal map has nearly the effective rank of another causal map", () => {
  const uniform = [0, 1, 2, 3].map((row) => [0, 1, 2, 3].map((column) => (column <= row ? 1 / (row + 1) : 0)));
  const other = [
    [1, 0, 0, 0],
    [0.5, 0.5, 0, 0],
    [0.2, 0.3, 0.5, 0],
    [0.1, 0.15, 0.5, 0.25],
  ];
  expect(effectiveRank(uniform)).toBeCloseTo(3.137243157078976, 12);
  expect(effectiveRank(other)).toBeCloseTo(3.280578744072017, 12);
});

it("names the argument and the cell", () => {
  expect(() => effectiveRank([[1, Infinity]])).toThrowErrorMatchingInlineSnapshot(
    `[ValueError: effectiveRank: matrix must be finite numbers, got Infinity in row 0, column 1]`,
  );
  expect(() => stableRank([[1, 2], [3]])).toThrowErrorMatchingInlineSnapshot(
    `[ShapeError: stableRank: matrix must be rows of length 2, got 1 in row 1]`,
  );
  expect(() => participationRatio([1, 2] as never)).toThrowErrorMatchingInlineSnapshot(
    `[ValueError: participationRatio: matrix must be a list of rows, got 1; pass a list of rows, for example await tensor.array()]`,
  );
});
