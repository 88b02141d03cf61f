import reference from "@tfblocks/fixtures/head-similarity";
import { ShapeError, ValueError } from "@tfblocks/tensor-utils";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { linearCka } from "../index.js";

const debiased = { debiased: true };
const known = [
  [1, 0],
  [0, 1],
  [-1, -1],
  [0, 0],
];
const tenths = fc.integer({ min: -10, max: 10 }).map((value) => value / 10);
const matrix = (columns: number) => fc.array(fc.array(tenths, { minLength: columns, maxLength: columns }), { minLength: 6, maxLength: 6 });

describe("linearCka", () => {
  it.each(reference.cka)("equals the formulas with kernels in numpy, case %#", ({ x, y, cka, debiased: unbiased }) => {
    expect(linearCka(x, y)).toBeCloseTo(cka, 12);
    expect(linearCka(x, y, debiased)).toBeCloseTo(unbiased, 12);
  });

  it("has the value of a case by hand", () => {
    const firstColumn = known.map(([value]) => [value!]);
    // XᵀX = [[2, 1], [1, 2]], XᵀY = [2, 1], YᵀY = 2: 5 / (√10 · 2)
    expect(linearCka(known, firstColumn)).toBeCloseTo(5 / (2 * Math.sqrt(10)), 12);
    const shifted = known.map((row) => row.map((value) => 2 * value + 5));
    expect(linearCka(known, shifted)).toBeCloseTo(1, 12);
    expect(linearCka(known, shifted, debiased)).toBeCloseTo(1, 12);
  });

  it("may be negative when debiased", () => {
    const [x, y] = [[1, -1, 1, -1].map((value) => [value]), [1, 1, -1, -1].map((value) => [value])];
    expect(linearCka(x, y)).toBe(0);
    // (0 − 4/2 · 4 + 4 · 4/6) / (16 − 4/2 · 4 + 4 · 4/6)
    expect(linearCka(x, y, debiased)).toBeCloseTo(-0.5, 12);
  });
});

describe("linearCka of random features", () => {
  it("is symmetric, from 0 to 1, and ignores rotation, scale and shift", () => {
    const angle = fc.double({ min: 0, max: 6, noNaN: true });
    fc.assert(
      fc.property(matrix(2), matrix(3), angle, (x, y, turn) => {
        const moved = x.map(([a, b]) => [
          3 * (Math.cos(turn) * a! - Math.sin(turn) * b!) + 1,
          3 * (Math.sin(turn) * a! + Math.cos(turn) * b!) - 2,
        ]);
        for (const options of [{}, debiased]) {
          const cka = linearCka(x, y, options);
          if (cka === null) continue;
          expect(cka).toBeLessThanOrEqual(1 + 1e-9);
          if (options !== debiased) expect(cka).toBeGreaterThanOrEqual(0);
          expect(linearCka(y, x, options)).toBeCloseTo(cka, 9);
          expect(linearCka(moved, y, options)).toBeCloseTo(cka, 6);
          expect(linearCka(x.toReversed(), y.toReversed(), options)).toBeCloseTo(cka, 6);
        }
      }),
    );
  });
});

describe("linearCka without an answer", () => {
  it("is null for constant features, also up to rounding, and for no or one sample", () => {
    const constant = known.map((_, row) => [0.1 * 3, 7 + row * 1e-9]);
    for (const options of [{}, debiased]) {
      expect(linearCka(known, constant, options)).toBeNull();
      expect(linearCka(constant, constant, options)).toBeNull();
    }
    expect(linearCka([], [])).toBeNull();
    expect(linearCka([[1, 2]], [[3]])).toBeNull();
    expect(
      linearCka(
        known,
        known.map(() => []),
      ),
    ).toBeNull();
  });

  it("is null when the debiased product of the features with themselves is 0", () => {
    // The points of a regular tetrahedron: the kernel has equal elements off the diagonal.
    const tetrahedron = [
      [1, 1, 1],
      [1, -1, -1],
      [-1, 1, -1],
      [-1, -1, 1],
    ];
    expect(linearCka(tetrahedron, known, debiased)).toBeNull();
    expect(linearCka(tetrahedron, known)).not.toBeNull();
  });

  it("rejects features of other samples, too few samples and options that it does not know", () => {
    const three = known.slice(1);
    expect(() => linearCka(known, three)).toThrow(ShapeError);
    expect(() => linearCka(three, three, debiased)).toThrow(ShapeError);
    expect(() => linearCka(known, [[1], [2], [NaN], [3]])).toThrow(ValueError);
    expect(() => linearCka(known, known, { unbiased: true } as never)).toThrow("unknown option");
    expect(() => linearCka(known, three)).toThrowErrorMatchingInlineSnapshot(
      `[ShapeError: linearCka: y must be 4 rows, as x has, got 3 rows; pass features of the same samples]`,
    );
    expect(() => linearCka(three, three, debiased)).toThrowErrorMatchingInlineSnapshot(
      `[ShapeError: linearCka: x must be at least 4 samples when debiased, got 3; pass more tokens, or debiased: false]`,
    );
  });
});
