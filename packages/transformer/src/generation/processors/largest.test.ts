import { Random } from "@tfblocks/tensor-utils";
import { describe, expect, it } from "vitest";
import { indicesOfLargest, lastKept } from "./largest.js";

/** Indices in descending order, of equal elements the larger index first. */
const sorted = (values: Float32Array) => Array.from(values.keys()).toSorted((a, b) => values[b]! - values[a]! || b - a);

/** Few values of many sizes, so that there are ties, zeros and both signs. */
function randomValues(random: Random, length: number): Float32Array {
  return Float32Array.from({ length }, () => Math.round(random.normal() * 4) / 4 ** random.integer(20));
}

describe("lastKept", () => {
  it("finds what a full sort finds, by number and by weight", () => {
    const random = new Random(7);
    for (let trial = 0; trial < 300; trial++) {
      const values = randomValues(random, 1 + random.integer(60));
      const weights = values.map(() => random.integer(8) / 8);
      const bound = random.integer(30) / 2;
      for (const each of [undefined, weights]) {
        const order = sorted(values);
        const weightBefore = (at: number) => order.slice(0, at).reduce((sum, index) => sum + (each?.[index] ?? 1), 0);
        const last = order.findLast((_, at) => weightBefore(at) === 0 || weightBefore(at) < bound)!;
        const { value, index } = lastKept(values, each, (sum) => sum < bound);
        expect([value + 0, index]).toEqual([values[last]! + 0, last]);
      }
    }
  });

  it("does not take elements of -Infinity", () => {
    expect(lastKept(new Float32Array([-Infinity, 1, -Infinity]), undefined, () => true)).toEqual({ value: 1, index: 1 });
  });
});

describe("indicesOfLargest", () => {
  it("gives the largest first, the smaller index first in a tie, and -Infinity last", () => {
    expect(indicesOfLargest(new Float32Array([1, 3, 3, 2]), 3)).toEqual([1, 2, 3]);
    expect(indicesOfLargest(new Float32Array([-Infinity, 3, -Infinity]), 2)).toEqual([1, 0]);
    expect(indicesOfLargest(new Float32Array([4, 5]), 9)).toEqual([1, 0]);
  });
});
