import reference from "@tfblocks/fixtures/head-similarity";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { singularValues } from "./singular-values.js";
import { symmetricEigen } from "./symmetric-eigen.js";

const matrices = fc.record({ rows: fc.integer({ min: 1, max: 6 }), columns: fc.integer({ min: 1, max: 6 }) }).chain(({ rows, columns }) => {
  const row = fc.array(fc.oneof(fc.constant(0), fc.double({ min: -10, max: 10, noNaN: true })), { minLength: columns, maxLength: columns });
  return fc.array(row, { minLength: rows, maxLength: rows });
});

const sum = (values: readonly number[]) => values.reduce((total, value) => total + value, 0);

describe("singularValues", () => {
  it.each(reference.singularValues)("equals numpy.linalg.svd, case %#", ({ matrix, singularValues: expected }) => {
    const values = singularValues(matrix);
    expect(values.length).toBe(expected.length);
    values.forEach((value, index) => expect(Math.abs(value - expected[index]!)).toBeLessThan(1e-12 * expected[0]!));
  });

  it("is non-negative, descending, has the Frobenius norm, and ignores transposition", () => {
    fc.assert(
      fc.property(matrices, (matrix) => {
        const values = singularValues(matrix);
        const transposed = singularValues(matrix[0]!.map((_, column) => matrix.map((row) => row[column]!)));
        const squares = sum(matrix.flat().map((value) => value ** 2));
        expect(values).toEqual(values.toSorted((a, b) => b - a));
        expect(values.every((value) => value >= 0)).toBe(true);
        expect(Math.abs(sum(values.map((value) => value ** 2)) - squares)).toBeLessThanOrEqual(1e-12 * squares);
        transposed.forEach((value, index) => expect(Math.abs(value - values[index]!)).toBeLessThanOrEqual(1e-12 * values[0]!));
      }),
    );
  });

  it("scales with the matrix, even where squares overflow or vanish", () => {
    const matrix = [
      [3, 0],
      [4, 5],
    ];
    for (const scale of [1e-200, 1, 1e200]) {
      const [first, second] = singularValues(matrix.map((row) => row.map((value) => value * scale)));
      expect(first! / scale).toBeCloseTo(Math.sqrt(45), 12);
      expect(second! / scale).toBeCloseTo(Math.sqrt(5), 12);
    }
  });

  it("handles zero and empty matrices, typed rows, and leaves the matrix alone", () => {
    expect(singularValues([[0, 0]])).toEqual([0]);
    expect(singularValues([])).toEqual([]);
    expect(singularValues([[], []])).toEqual([]);
    const rows = [Float32Array.of(0, 2), Float32Array.of(1, 0)];
    expect(singularValues(rows)).toEqual([2, 1]);
    expect(rows).toEqual([Float32Array.of(0, 2), Float32Array.of(1, 0)]);
  });
});

describe("symmetricEigen", () => {
  it.each(reference.symmetricEigenvalues)("equals numpy.linalg.eigvalsh, case %#", ({ matrix, eigenvalues }) => {
    const { values } = symmetricEigen(matrix);
    values.forEach((value, index) => expect(value).toBeCloseTo(eigenvalues[index]!, 11));
    expect(values.length).toBe(eigenvalues.length);
  });

  it("has orthonormal vectors v with M v = λ v", () => {
    fc.assert(
      fc.property(matrices, (half) => {
        const matrix = half.map((row) => half.map((other) => sum(row.map((value, column) => value * other[column]!))));
        const scale = Math.max(1, ...matrix.flat().map(Math.abs));
        const { values, vectors } = symmetricEigen(matrix);
        const times = (a: ArrayLike<number>, b: Float64Array) => sum([...b].map((value, index) => value * a[index]!));
        vectors.forEach((vector, index) => {
          vectors.forEach((other, place) => expect(times(vector, other)).toBeCloseTo(Number(index === place), 10));
          matrix.forEach((row, place) => {
            expect(Math.abs(times(row, vector) - values[index]! * vector[place]!)).toBeLessThanOrEqual(1e-12 * scale);
          });
        });
      }),
    );
  });
});
