import { positionalFixture } from "@tfblocks/fixtures";
import { describe, expect, it } from "vitest";
import { relativePositionBucket } from "./relative-position-bucket.js";

describe("relativePositionBucket", () => {
  it.each(positionalFixture.buckets.map((each) => [each.numBuckets, each.maxDistance, each.bidirectional, each] as const))(
    "agrees with Hugging Face's T5 on %i buckets up to %i, bidirectional %s",
    (numBuckets, maxDistance, bidirectional, { firstDistance, runs }) => {
      const expected = runs.flatMap(([count, bucket]) => Array.from({ length: count }, () => bucket));
      const options = { numBuckets, maxDistance, bidirectional };
      expect(expected.map((_, index) => relativePositionBucket(firstDistance + index, options))).toEqual(expected);
      expect(expected.length).toBe(2 * 4096 + 1);
    },
  );

  it("has 32 buckets up to distance 128 in both directions by default", () => {
    expect([-200, -1, 0, 1, 200].map((distance) => relativePositionBucket(distance))).toEqual([15, 1, 0, 17, 31]);
  });

  it.each([
    [{ numBuckets: 5 }, "numBuckets must be an even integer >= 4, got 5"],
    [{ numBuckets: 1, bidirectional: false }, "numBuckets must be an integer >= 2, got 1"],
    [{ maxDistance: 8 }, "maxDistance must be an integer >= 9, got 8"],
    [{ buckets: 8 }, 'unknown size "buckets"; known sizes: numBuckets, maxDistance, bidirectional'],
  ])("rejects %j", (options, message) => {
    expect(() => relativePositionBucket(1, options as never)).toThrow(
      expect.objectContaining({ message: `relativePositionBucket: ${message}` }),
    );
  });

  it("rejects half a distance", () => {
    expect(() => relativePositionBucket(0.5)).toThrow("relativePositionBucket: distance must be an integer");
  });
});
