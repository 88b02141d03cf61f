import reference from "@tfblocks/fixtures/head-similarity";
import { ShapeError, ValueError } from "@tfblocks/tensor-utils";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { headLayout, type Point } from "../index.js";

const coordinate = fc.integer({ min: -1000, max: 1000 }).map((thousandths) => thousandths / 1000);
const plane = fc.array(fc.tuple(coordinate, coordinate), { maxLength: 8 });

function distancesOf(points: readonly (Point | null)[]): number[][] {
  return points.map((a) => points.map((b) => Math.hypot(a![0] - b![0], a![1] - b![1])));
}

function pairsOf(matrix: readonly (readonly number[])[]): number[] {
  return matrix.flatMap((row, head) => row.slice(head + 1));
}

describe("headLayout", () => {
  it.each(reference.layouts)("agrees with scikit-learn from the same start, case %#", ({ distances, stress, distancesInPlane }) => {
    const layout = headLayout(distances);
    expect(layout.stress).toBeCloseTo(stress, 6);
    pairsOf(distancesOf(layout.points)).forEach((distance, pair) =>
      expect(Math.abs(distance - distancesInPlane[pair]!)).toBeLessThan(0.001),
    );
  });

  it.each(reference.layouts)("improves on classical scaling and nearly has the best of 20 random starts, case %#", (known) => {
    const { stress } = headLayout(known.distances);
    expect(stress).toBeLessThanOrEqual(known.classicalStress + 1e-6);
    expect(stress).toBeLessThanOrEqual(1.05 * known.bestStressOf20RandomStarts + 1e-6);
  });

  it("reproduces the distances of points in a plane", () => {
    fc.assert(
      fc.property(plane, (points) => {
        const distances = distancesOf(points);
        const layout = headLayout(distances);
        const largest = Math.max(0, ...distances.flat());
        pairsOf(distancesOf(layout.points)).forEach((distance, pair) => {
          expect(Math.abs(distance - pairsOf(distances)[pair]!)).toBeLessThanOrEqual(1e-4 * largest);
        });
      }),
    );
  });

  it("fixes place, rotation and sign", () => {
    fc.assert(
      fc.property(plane, fc.double({ min: 0.1, max: 3, noNaN: true }), (points, angle) => {
        const turned = points.map(([x, y]): Point => [
          y * Math.cos(angle) + x * Math.sin(angle) + 5,
          y * Math.sin(angle) - x * Math.cos(angle),
        ]);
        const layout = headLayout(distancesOf(turned)).points as Point[];
        const total = (value: (point: Point) => number) => layout.reduce((sum, point) => sum + value(point), 0);
        for (const moment of [total(([x]) => x), total(([, y]) => y), total(([x, y]) => x * y)]) expect(moment).toBeCloseTo(0, 8);
        expect(total(([x]) => x * x)).toBeGreaterThanOrEqual(total(([, y]) => y * y) - 1e-9);
        for (const axis of [0, 1] as const) expectFarthestPositive(layout.map((point) => point[axis]));
      }),
    );
  });
});

/** Unless a positive and a negative coordinate are equally large. */
function expectFarthestPositive(along: readonly number[]): void {
  const [high, low] = [Math.max(0, ...along), Math.max(0, ...along.map((value) => -value))];
  if (Math.abs(high - low) > 1e-6) expect(high).toBeGreaterThan(low);
}

describe("headLayout in special cases", () => {
  it("spreads heads that are all equally far", () => {
    const distances = Array.from({ length: 12 }, (_, head) => Array.from({ length: 12 }, (__, other) => Number(head !== other)));
    const { points, stress } = headLayout(distances);
    expect(Math.min(...pairsOf(distancesOf(points)))).toBeGreaterThan(0.1);
    expect(stress).toBeLessThan(0.4);
    expect(headLayout(distances)).toEqual(headLayout(distances));
  });

  it("puts heads that are alike at one point", () => {
    const layout = headLayout([
      [0, 0],
      [0, 0],
    ]);
    expect(layout).toEqual({
      metric: "headLayout",
      version: 1,
      points: [
        [0, 0],
        [0, 0],
      ],
      stress: 0,
      excluded: [],
    });
  });

  it("has no stress below two points", () => {
    expect(headLayout([])).toMatchObject({ points: [], stress: null });
    expect(headLayout([[0]])).toMatchObject({ points: [[0, 0]], stress: null });
  });
});

describe("headLayout and distances that it cannot use", () => {
  it("names the heads whose distances are undefined", () => {
    const layout = headLayout([
      [0, null, 1],
      [null, 0, null],
      [1, null, 0],
    ]);
    expect(layout.excluded).toEqual([1]);
    expect(layout.points[1]).toBeNull();
    expect(layout.points[0]![0] - layout.points[2]![0]).toBeCloseTo(1, 9);
    expect(
      headLayout([
        [0, null],
        [null, 0],
      ]),
    ).toMatchObject({ excluded: [1], points: [[0, 0], null] });
  });

  it("rejects what is not a matrix of distances", () => {
    expect(() => headLayout([[0, 1]])).toThrow(ShapeError);
    for (const [a, b, diagonal] of [
      [1, 2, 0],
      [-1, -1, 0],
      [NaN, NaN, 0],
      [1, null, 0],
      [null, 1, 0],
      [1, 1, 1],
    ] as const) {
      expect(() =>
        headLayout([
          [diagonal, a],
          [b, 0],
        ]),
      ).toThrow(ValueError);
    }
    expect(() => headLayout(0 as never)).toThrowErrorMatchingInlineSnapshot(
      `[ValueError: headLayout: distances must be a matrix of distances, got 0; pass headDistances(maps).distances]`,
    );
    expect(() =>
      headLayout([
        [0, 1],
        [2, 0],
      ]),
    ).toThrowErrorMatchingInlineSnapshot(`[ValueError: headLayout: distances must be symmetric, got 2 and 1 between 0 and 1]`);
  });
});
