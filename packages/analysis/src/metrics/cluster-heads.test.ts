import reference from "@tfblocks/fixtures/head-similarity";
import { ShapeError } from "@tfblocks/tensor-utils";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { clusterHeads, type HeadClusters } from "../index.js";

const distances = fc
  .integer({ min: 1, max: 6 })
  .chain((size) => fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { minLength: size * size, maxLength: size * size }))
  .map((values) => {
    const size = Math.sqrt(values.length);
    return range(size).map((head) =>
      range(size).map((other) => (head === other ? 0 : values[Math.max(head, other) * size + Math.min(head, other)]!)),
    );
  });

function range(length: number): number[] {
  return Array.from({ length }, (_, index) => index);
}

/** Every order of the leaves that the tree allows. */
function ordersOf({ merges }: HeadClusters, cluster: number, heads: number): number[][] {
  if (cluster < heads) return [[cluster]];
  const { first, second } = merges[cluster - heads]!;
  const [ones, others] = [ordersOf({ merges } as HeadClusters, first, heads), ordersOf({ merges } as HeadClusters, second, heads)];
  return ones.flatMap((one) =>
    others.flatMap((other) => [
      [...one, ...other],
      [...other, ...one],
    ]),
  );
}

function leavesOf(clusters: HeadClusters, cluster: number, heads: number): number[] {
  return ordersOf(clusters, cluster, heads)[0]!;
}

describe("clusterHeads", () => {
  it.each(reference.clusters)("has the merges of SciPy and the best of all orders, case %#", ({ distances: matrix, merges, order }) => {
    const clusters = clusterHeads(matrix);
    expect(clusters.merges.map(({ first, second, size }) => [first, second, size])).toEqual(merges.map(([a, b, , size]) => [a, b, size]));
    clusters.merges.forEach(({ distance }, index) => expect(distance).toBeCloseTo(merges[index]![2]!, 12));
    if (order !== null) expect(clusters.order).toEqual(order);
    expect(clusters.excluded).toEqual([]);
  });

  it("merges clusters at the mean distance of their heads, nearest first", () => {
    fc.assert(
      fc.property(distances, (matrix) => {
        const clusters = clusterHeads(matrix);
        clusters.merges.forEach(({ first, second, distance, size }, index) => {
          const [ones, others] = [leavesOf(clusters, first, matrix.length), leavesOf(clusters, second, matrix.length)];
          const all = ones.flatMap((one) => others.map((other) => matrix[one]![other]!));
          expect(distance).toBeCloseTo(all.reduce((sum, value) => sum + value, 0) / all.length, 12);
          expect(size).toBe(ones.length + others.length);
          if (index > 0) expect(distance).toBeGreaterThanOrEqual(clusters.merges[index - 1]!.distance - 1e-12);
        });
        expect(clusters.merges.length).toBe(matrix.length - 1);
      }),
    );
  });

  it("has the shortest of all orders that the tree allows", () => {
    fc.assert(
      fc.property(distances, (matrix) => {
        const clusters = clusterHeads(matrix);
        const lengthOf = (order: readonly number[]) => order.slice(1).reduce((sum, head, place) => sum + matrix[order[place]!]![head]!, 0);
        const all = ordersOf(clusters, 2 * matrix.length - 2, matrix.length);
        expect(all).toContainEqual(clusters.order);
        expect(lengthOf(clusters.order)).toBeCloseTo(Math.min(...all.map(lengthOf)), 12);
        expect(clusters.order[0]).toBeLessThanOrEqual(clusters.order.at(-1)!);
      }),
    );
  });
});

describe("clusterHeads in special cases", () => {
  it("merges the lowest ids first when distances are equal", () => {
    const equal = range(4).map((head) => range(4).map((other) => Number(head !== other)));
    expect(clusterHeads(equal).merges.map(({ first, second }) => [first, second])).toEqual([
      [0, 1],
      [2, 3],
      [4, 5],
    ]);
  });

  it("leaves out heads whose distances are undefined, and keeps ids", () => {
    const clusters = clusterHeads([
      [0, null, 2, 1],
      [null, 0, null, null],
      [2, null, 0, 3],
      [1, null, 3, 0],
    ]);
    expect(clusters).toEqual({
      metric: "clusterHeads",
      version: 1,
      merges: [
        { first: 0, second: 3, distance: 1, size: 2 },
        { first: 2, second: 4, distance: 2.5, size: 3 },
      ],
      order: [2, 0, 3],
      excluded: [1],
    });
  });

  it("handles no head and one head, and rejects a matrix that is not square", () => {
    expect(clusterHeads([])).toMatchObject({ merges: [], order: [] });
    expect(clusterHeads([[0]])).toMatchObject({ merges: [], order: [0] });
    expect(() => clusterHeads([[0, 1]])).toThrow(ShapeError);
  });
});
