import { mul, type Scalar, scalar, slice, sum, type Tensor, variableGrads } from "@tensorflow/tfjs-core";
import { AllocationError, Random, type StateDict } from "@tfblocks/tensor-utils";
import "@tfblocks/tensor-utils/gradients";
import { backendNames, describeBlock, expectClose, expectNewTensors, randomTensor, use, useBackend } from "@tfblocks/testkit";
import { beforeAll, describe, expect, it } from "vitest";
import type { PositionRange } from "./position-range.js";
import { RelativePositionBias } from "./relative-position-bias.js";
import { relativePositionBucket } from "./relative-position-bucket.js";

const buckets = { numBuckets: 8, maxDistance: 16, bidirectional: true };
const range = { queryLength: 4, keyLength: 5 };

/** The bucket of each cell, row by row. */
function bucketsOf({ queryLength, keyLength, queryOffset = 0, keyOffset = 0 }: PositionRange, options = buckets): number[] {
  return Array.from({ length: queryLength * keyLength }, (_, cell) => {
    const distance = keyOffset + (cell % keyLength) - queryOffset - Math.floor(cell / keyLength);
    return relativePositionBucket(distance, options);
  });
}

for (const backend of backendNames) {
  describeBlock(`RelativePositionBias on ${backend}`, {
    prepare: () => useBackend(backend),
    make: () => new RelativePositionBias({ numHeads: 2, ...buckets }),
    input: () => scalar(0),
    apply: (block, x?: Tensor) => block.apply(x === undefined ? (undefined as never) : range),
    calls: backend.startsWith("web") ? 20 : 1000,
  });

  describe(`RelativePositionBias on ${backend}`, () => {
    beforeAll(() => useBackend(backend));

    it.each<PositionRange & { bidirectional?: boolean }>([
      { queryLength: 6, keyLength: 6 },
      { queryLength: 1, keyLength: 30, queryOffset: 29, bidirectional: false },
      { queryLength: 3, keyLength: 2, queryOffset: 1, keyOffset: 20 },
      { queryLength: 0, keyLength: 3 },
      { queryLength: 3, keyLength: 0 },
    ])("gives each cell of %j the weight of its bucket", async ({ bidirectional = true, ...cells }) => {
      const block = use(new RelativePositionBias({ numHeads: 3, ...buckets, bidirectional }));
      const bias = await expectNewTensors(() => block.apply(cells), 1);
      const table = await block.weight.data();
      const found = bucketsOf(cells, { ...buckets, bidirectional });
      const data = [0, 1, 2].flatMap((head) => found.map((bucket) => table[bucket * 3 + head]!));
      await expectClose(bias, { shape: [1, 3, cells.queryLength, cells.keyLength], data }, { atol: 0, rtol: 0 });
    });

    it("sums the gradients of the cells of a bucket", async () => {
      const block = use(new RelativePositionBias({ numHeads: 2, ...buckets }));
      const upstream = randomTensor([1, 2, 4, 5], 1);
      const { grads } = use(variableGrads(() => sum(mul(block.apply(range), upstream)) as Scalar));
      const [rows, cells] = [await upstream.data(), bucketsOf(range)];
      const data = Array.from({ length: 16 }, (_, at) =>
        cells.reduce((total, bucket, cell) => total + (bucket === Math.floor(at / 2) ? rows[(at % 2) * 20 + cell]! : 0), 0),
      );
      await expectClose(grads[block.weight.name]!, { shape: [8, 2], data });
    });
  });
}

describe("RelativePositionBias", () => {
  beforeAll(() => useBackend("cpu"));

  it("gives one row of the full bias from an offset, as with a cache", async () => {
    const block = use(new RelativePositionBias({ numHeads: 2, bidirectional: false, random: new Random(3) }));
    const whole = use(block.apply({ queryLength: 9, keyLength: 9 }));
    const last = use(block.apply({ queryLength: 1, keyLength: 9, queryOffset: 8 }));
    await expectClose(last, slice(whole, [0, 0, 8, 0], [1, 2, 1, 9]), { atol: 0, rtol: 0 });
  });

  it("has 32 buckets by default, like T5", () => {
    const block = use(new RelativePositionBias({ numHeads: 6 }));
    expect(block.buckets).toEqual({ numBuckets: 32, maxDistance: 128, bidirectional: true });
    const state: StateDict = use(block.stateDict());
    expect(Object.entries(state).map(([name, { shape }]) => [name, shape])).toEqual([["weight", [32, 6]]]);
  });

  it("rejects invalid arguments by name", () => {
    const block = use(new RelativePositionBias({ numHeads: 64, ...buckets }));
    expect(() => block.apply({ queryLength: -1, keyLength: 2 })).toThrowErrorMatchingInlineSnapshot(
      `[ValueError: RelativePositionBias.apply: queryLength must be an integer >= 0, got -1]`,
    );
    expect(() => block.apply({ queryLength: 1, keyLength: 2, keyOffset: 0.5 })).toThrowErrorMatchingInlineSnapshot(
      `[ValueError: RelativePositionBias.apply: keyOffset must be an integer >= 0, got 0.5]`,
    );
    expect(() => block.apply({ ...range, offset: 1 } as never)).toThrowErrorMatchingInlineSnapshot(
      `[UnknownNameError: RelativePositionBias.apply: unknown size "offset"; known sizes: queryLength, keyLength, queryOffset, keyOffset]`,
    );
    expect(() => block.apply(undefined as never)).toThrowErrorMatchingInlineSnapshot(
      `[ValueError: RelativePositionBias.apply: sizes must be an object, got undefined; known sizes: queryLength, keyLength, queryOffset, keyOffset]`,
    );
    expect(() => block.apply({ queryLength: 1e5, keyLength: 1e5 })).toThrow(AllocationError);
    expect(() => new RelativePositionBias({ numHeads: 0 })).toThrowErrorMatchingInlineSnapshot(
      `[ValueError: RelativePositionBias: numHeads must be an integer >= 1, got 0]`,
    );
    expect(() => new RelativePositionBias({ numHeads: 1, numBuckets: 7 })).toThrowErrorMatchingInlineSnapshot(
      `[ValueError: RelativePositionBias: numBuckets must be an even integer >= 4, got 7]`,
    );
    expect(() => new RelativePositionBias({ numHeads: 1, dModel: 7 } as never)).toThrowErrorMatchingInlineSnapshot(
      `[UnknownNameError: RelativePositionBias: unknown size "dModel"; known sizes: numHeads, numBuckets, maxDistance, bidirectional, init, random]`,
    );
  });
});
