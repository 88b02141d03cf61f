import { mul, type Scalar, sum, tensor, tensor1d, tensor2d, variableGrads } from "@tensorflow/tfjs-core";
import { Random, zerosInit } from "@tfblocks/tensor-utils";
import "@tfblocks/tensor-utils/gradients";
import { backendNames, describeBlock, expectClose, expectNewTensors, use, useBackend } from "@tfblocks/testkit";
import { beforeAll, describe, expect, it } from "vitest";
import { LearnedPositions } from "./learned-positions.js";

for (const backend of backendNames) {
  describeBlock(`LearnedPositions on ${backend}`, {
    prepare: () => useBackend(backend),
    make: () => new LearnedPositions({ maxLength: 6, dModel: 3, offset: 2 }),
    input: () => tensor2d([0, 3, 1, 1, 0, 2], [2, 3], "int32"),
    apply: (block, positions) => block.apply(positions),
    calls: backend.startsWith("web") ? 20 : 1000,
  });

  describe(`LearnedPositions on ${backend}`, () => {
    beforeAll(() => useBackend(backend));

    it.each([[[]], [[3]], [[2, 3]], [[0]], [[2, 0]]])("adds its offset to positions of shape %j and looks them up", async (shape) => {
      const block = use(new LearnedPositions({ maxLength: 6, dModel: 3, offset: 2 }));
      const at = [3, 0, 1, 1, 2, 0].slice(
        0,
        shape.reduce<number>((product, size) => product * size, 1),
      );
      const positions = use(tensor(at, shape as unknown as [number], "int32"));
      const rows = await expectNewTensors(() => block.apply(positions), 1);
      const table = await block.weight.data();
      const data = at.flatMap((position) => Array.from(table.slice((position + 2) * 3, (position + 3) * 3)));
      await expectClose(rows, { shape: [...shape, 3], data }, { atol: 0, rtol: 0 });
    });

    it("sums the gradients of a repeated position and leaves 0 for unused ones", async () => {
      const block = use(new LearnedPositions({ maxLength: 4, dModel: 2, offset: 1 }));
      const [positions, upstream] = [use(tensor1d([2, 0, 2], "int32")), use(tensor2d([1, 2, 3, 4, 5, 6], [3, 2]))];
      const { grads } = use(variableGrads(() => sum(mul(block.apply(positions), upstream)) as Scalar));
      await expectClose(grads[block.weight.name]!, { shape: [4, 2], data: [0, 0, 3, 4, 0, 0, 6, 8] });
    });
  });
}

describe("LearnedPositions", () => {
  beforeAll(() => useBackend("cpu"));

  it("starts with small normal values from its seed, or with those of its initializer", async () => {
    const [one, again, other] = use([1, 1, 2].map((seed) => new LearnedPositions({ maxLength: 64, dModel: 64, random: new Random(seed) })));
    const values = Array.from(await one!.weight.data());
    const deviation = Math.sqrt(values.reduce((total, value) => total + value * value, 0) / values.length);
    expect(deviation).toBeCloseTo(0.02, 3);
    expect([...(await again!.weight.data())]).toEqual(values);
    expect([...(await other!.weight.data())]).not.toEqual(values);
    const blank = use(new LearnedPositions({ maxLength: 2, dModel: 2, init: zerosInit }));
    expect([...(await blank.weight.data())]).toEqual([0, 0, 0, 0]);
  });

  it("rejects invalid arguments by name", () => {
    const block = use(new LearnedPositions({ maxLength: 6, dModel: 3, offset: 2 }));
    const at = (...positions: number[]) => tensor1d(positions, "int32");
    expect(() => block.apply(use(at(0, 4)))).toThrowErrorMatchingInlineSnapshot(
      `[ValueError: LearnedPositions.apply: positions must be from 0 to 3 (maxLength - offset - 1), got 4]`,
    );
    expect(() => block.apply(use(at(-1)))).toThrowErrorMatchingInlineSnapshot(
      `[ValueError: LearnedPositions.apply: positions must be from 0 to 3 (maxLength - offset - 1), got -1]`,
    );
    expect(() => block.apply(use(tensor1d([1])))).toThrowErrorMatchingInlineSnapshot(
      `[DTypeError: LearnedPositions.apply: positions must be an int32 tensor, got float32 [1]; convert it with tf.cast(positions, "int32") if that is what it means]`,
    );
    expect(() => new LearnedPositions({ maxLength: 2, dModel: 3, offset: 2 })).toThrowErrorMatchingInlineSnapshot(
      `[ValueError: LearnedPositions: offset must be an integer from 0 to 1, got 2]`,
    );
    expect(() => new LearnedPositions({ maxLength: 0, dModel: 3 })).toThrowErrorMatchingInlineSnapshot(
      `[ValueError: LearnedPositions: maxLength must be an integer >= 1, got 0]`,
    );
    expect(() => new LearnedPositions({ maxLength: 2, dModel: 3, padding: 1 } as never)).toThrowErrorMatchingInlineSnapshot(
      `[UnknownNameError: LearnedPositions: unknown size "padding"; known sizes: maxLength, dModel, offset, init, random]`,
    );
  });
});
