import fc from "fast-check";
import { eigenvalueFixtures } from "@tfblocks/fixtures/analysis-weights";
import { Random } from "@tfblocks/tensor-utils";
import { describe, expect, it } from "vitest";
import { type Eigenvalues, eigenvalues } from "./eigenvalues.js";
import { type Matrix, matrix, multiply } from "./matrix.js";

type Complex = readonly [real: number, imaginary: number];

const square = (...entries: number[]): Matrix =>
  matrix(Math.sqrt(entries.length), Math.sqrt(entries.length), (row, column) => entries[row * Math.sqrt(entries.length) + column]!);

const pairs = ({ real, imaginary }: Eigenvalues): Complex[] => real.map((value, at) => [value, imaginary[at]!]);

/** The largest distance of an eigenvalue to the nearest one that no other took. */
function distance(received: readonly Complex[], expected: readonly Complex[]): number {
  expect(received.length).toBe(expected.length);
  const left = [...expected];
  return received.reduce((worst, [real, imaginary]) => {
    const gaps = left.map((other) => Math.hypot(real - other[0], imaginary - other[1]));
    const nearest = gaps.indexOf(Math.min(...gaps));
    left.splice(nearest, 1);
    return Math.max(worst, gaps[nearest]!);
  }, 0);
}

const formula = (size: number): Matrix =>
  matrix(size, size, (row, column) => ((row * 37 + column * 91 + row * column * 17 + (row + 1) ** 2 * (column + 3)) % 101) / 50 - 1);

describe("eigenvalues", () => {
  it.each(Object.entries(eigenvalueFixtures))("agree with numpy at size %s", (size, expected) => {
    expect(distance(pairs(eigenvalues(formula(Number(size)))), expected)).toBeLessThan(1e-8);
  });

  it("come in conjugate pairs", () => {
    const found = eigenvalues(formula(64));
    expect(found.imaginary.filter((value) => value > 0).length).toBeGreaterThan(10);
    for (const [real, imaginary] of pairs(found)) expect(pairs(found)).toContainEqual([real, 0 - imaginary]);
  });
});

describe("eigenvalues that are known", () => {
  it.each([
    { name: "a rotation", given: square(0, -1, 1, 0), real: [0, 0], imaginary: [1, -1] },
    {
      name: "a cycle of four",
      given: square(0, 0, 0, 1, 1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1, 0),
      real: [1, -1, 0, 0],
      imaginary: [0, 0, 1, -1],
    },
    { name: "a symmetric matrix", given: square(2, 1, 1, 2), real: [3, 1] },
    { name: "a triangular matrix", given: square(1, 2, 3, 0, 4, 5, 0, 0, 6), real: [1, 4, 6] },
    { name: "a defective matrix", given: square(2, 1, 0, 0, 2, 1, 0, 0, 2), real: [2, 2, 2] },
    { name: "a nilpotent matrix", given: square(0, 0, 0, 1, 0, 0, 0, 1, 0), real: [0, 0, 0] },
    { name: "zeros", given: square(0, 0, 0, 0), real: [0, 0] },
    { name: "no rows", given: square(), real: [] },
  ])("of $name", ({ given, real, imaginary = real.map(() => 0) }) => {
    expect(distance(pairs(eigenvalues(given)), pairs({ real, imaginary }))).toBeLessThan(1e-12);
  });

  it("are accurate to the root of rounding for a defective matrix in another basis", () => {
    const basis = square(1, 2, 0, 0, 1, 3, 4, 0, 1);
    const inverse = matrix(3, 3, (row, column) => [1, -2, 6, 12, 1, -3, -4, 8, 1][row * 3 + column]! / 25);
    const moved = multiply(multiply(basis, square(2, 1, 0, 0, 2, 0, 0, 0, -1)), inverse);
    expect(
      distance(pairs(eigenvalues(moved)), [
        [2, 0],
        [2, 0],
        [-1, 0],
      ]),
    ).toBeLessThan(1e-6);
  });
});

describe("eigenvalues of any matrix", () => {
  it("do not change with the order of a product", () => {
    const random = new Random(3);
    const [wide, tall] = [matrix(4, 9, () => random.normal()), matrix(9, 4, () => random.normal())];
    const zeros = Array.from({ length: 5 }, (): Complex => [0, 0]);
    expect(distance(pairs(eigenvalues(multiply(tall, wide))), [...pairs(eigenvalues(multiply(wide, tall))), ...zeros])).toBeLessThan(1e-10);
  });

  it("sum to the trace, and their squares to the trace of the square", () => {
    const entries = fc
      .integer({ min: 0, max: 6 })
      .chain((size) => fc.array(fc.integer({ min: -3, max: 3 }), { minLength: size * size, maxLength: size * size }));
    fc.assert(
      fc.property(entries, (values) => {
        const given = square(...values);
        const trace = ({ rows, data }: Matrix) => data.reduce((sum, value, at) => sum + (at % (rows + 1) === 0 ? value : 0), 0);
        const found = pairs(eigenvalues(given));
        expect(found.reduce((sum, [real]) => sum + real, 0)).toBeCloseTo(trace(given), 9);
        expect(found.reduce((sum, [real, imaginary]) => sum + real ** 2 - imaginary ** 2, 0)).toBeCloseTo(trace(multiply(given, given)), 8);
      }),
    );
  });

  it.each([1e200, 1e-200])("scale with the matrix, also by %f, whose square overflows or becomes 0", (factor) => {
    const found = eigenvalues({ ...formula(5), data: formula(5).data.map((value) => value * factor) });
    const scaled = pairs(found).map(([real, imaginary]): Complex => [real / factor, imaginary / factor]);
    expect(distance(scaled, pairs(eigenvalues(formula(5))))).toBeLessThan(1e-12);
  });

  it("refuse what is not a finite square matrix, and leave it as it is", () => {
    expect(() => eigenvalues(matrix(2, 3, () => 1))).toThrowErrorMatchingInlineSnapshot(
      `[ShapeError: eigenvalues: matrix must be square, got [2, 3]]`,
    );
    expect(() => eigenvalues(square(1, 2, NaN, 4))).toThrowErrorMatchingInlineSnapshot(
      `[ValueError: eigenvalues: matrix must be finite, got NaN]`,
    );
    const given = formula(8);
    eigenvalues(given);
    expect(given).toEqual(formula(8));
  });
});
