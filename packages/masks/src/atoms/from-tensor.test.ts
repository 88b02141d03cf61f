import { memory, tensor, tensor2d, zeros } from "@tensorflow/tfjs-core";
import { backendNames, useBackend, use } from "@tfblocks/testkit";
import fc from "fast-check";
import { afterAll, describe, expect, it } from "vitest";
import * as masks from "../index.js";
import { additiveArbitrary, cellsOf, denseOf, release } from "../testing/arbitraries.js";

describe("fromTensor of keep tensors", () => {
  it("reads bool, int32 and float32 keep tensors of two or four dimensions, once", () => {
    for (const dtype of ["bool", "int32", "float32"] as const) {
      for (const shape of [
        [2, 3],
        [1, 1, 2, 3],
      ]) {
        const given = use(tensor([1, 0, 1, 0, 0, 1], shape, dtype));
        const mask = masks.fromTensor(given, { kind: "keep" });
        given.dispose();
        expect(denseOf(mask, { queryLength: 2, keyLength: 3 })).toEqual([1, 0, 1, 0, 0, 1]);
      }
    }
  });

  it("puts its first row and column at the offsets", () => {
    const mask = masks.fromTensor(
      use(
        tensor2d([
          [1, 0],
          [0, 1],
        ]),
      ),
      { kind: "keep", queryOffset: 5, keyOffset: 3 },
    );
    expect([mask.at(0, 0, 5, 3), mask.at(0, 0, 6, 4), mask.at(0, 0, 5, 4), mask.at(0, 0, 0, 0)]).toEqual([true, true, false, false]);
  });
});

describe("fromTensor of additive tensors", () => {
  it("forbids -Infinity, and gives the other values of an additive tensor as the bias", () => {
    fc.assert(
      fc.property(additiveArbitrary, ({ mask, sizes, read }) => {
        const values = cellsOf(mask, sizes).map((cell) => read(...cell));
        expect(denseOf(mask, sizes)).toEqual(values.map((value) => Number(value > -Infinity)));
        expect(release(mask.bias!(sizes))).toEqual(values.map((value) => (value === -Infinity ? 0 : value)));
      }),
    );
  });

  it("adds the biases of an and, which other parts do not change", () => {
    const bias = masks.fromTensor(
      use(
        tensor2d([
          [1, 2],
          [3, -Infinity],
        ]),
      ),
      { kind: "additive" },
    );
    const mask = masks.and(bias, masks.causal(), bias);
    expect(release(use(mask.bias!({ queryLength: 2, keyLength: 2 })))).toEqual([2, 4, 6, 0]);
    expect(denseOf(mask, { queryLength: 2, keyLength: 2 })).toEqual([1, 0, 1, 0]);
  });

  it("gives no bias to other masks, and rejects additive masks in or and not", () => {
    const bias = masks.and(masks.causal(), masks.fromTensor(use(zeros([2, 2])), { kind: "additive" }));
    expect("bias" in masks.causal()).toBe(false);
    expect(() => masks.or(masks.causal(), bias)).toThrowErrorMatchingInlineSnapshot(
      `[ValueError: or: masks[1] must be a mask without a bias, got an additive mask; combine additive masks with and only]`,
    );
    expect(() => masks.not(bias)).toThrowErrorMatchingInlineSnapshot(
      `[ValueError: not: mask must be a mask without a bias, got an additive mask; combine additive masks with and only]`,
    );
  });
});

describe("fromTensor of bad tensors", () => {
  it("names both interpretations of a tensor of three dimensions", () => {
    expect(() => masks.fromTensor(use(zeros([2, 4, 5])), { kind: "keep" })).toThrowErrorMatchingInlineSnapshot(
      `[ShapeError: fromTensor: tensor must be [queryLength, keyLength] or [batch, heads, queryLength, keyLength], got [2, 4, 5]; write [2, 1, 4, 5] if the first axis is the batch, [1, 2, 4, 5] if it is the heads]`,
    );
  });

  it("rejects values that its kind does not allow", () => {
    const keep = (values: number[]) => () => masks.fromTensor(use(tensor2d(values, [1, values.length])), { kind: "keep" });
    const additive = (values: number[]) => () => masks.fromTensor(use(tensor2d(values, [1, values.length])), { kind: "additive" });
    expect(keep([1, 0.5])).toThrowErrorMatchingInlineSnapshot(
      `[ValueError: fromTensor: values[1] must be 0 or 1 for kind "keep", got 0.5]`,
    );
    expect(keep([-Infinity])).toThrow(/0 or 1/);
    expect(keep([NaN])).toThrow(/got NaN/);
    expect(additive([0, NaN])).toThrowErrorMatchingInlineSnapshot(
      `[ValueError: fromTensor: values[1] must be a number below Infinity, got NaN]`,
    );
    expect(additive([Infinity])).toThrow(/got Infinity/);
    expect(() => masks.fromTensor(use(zeros([1, 1], "bool")), { kind: "additive" })).toThrow(/float32 tensor, got bool/);
    expect(() => masks.fromTensor(use(zeros([1, 1])), {} as never)).toThrow(/kind must be "keep" or "additive", got undefined/);
    expect(() => masks.fromTensor([[1]] as never, { kind: "keep" })).toThrow(/must be a float32 tensor, got an array/);
    expect(() => masks.fromTensor(use(zeros([3])), { kind: "keep" })).toThrow(/must be \[queryLength, keyLength\] or/);
    expect(() => masks.fromTensor(use(zeros([0, 1, 1, 1])), { kind: "keep" })).toThrow(/batch and heads >= 1/);
    expect(() => masks.fromTensor(use(zeros([1, 1])), { kind: "keep", queryOffset: -1 })).toThrow(
      /queryOffset must be an integer >= 0, got -1/,
    );
  });
});

describe("tensors on each backend", () => {
  afterAll(() => useBackend("cpu"));

  for (const backend of backendNames) {
    it(`are read unchanged from ${backend}, and leak nothing`, async () => {
      await useBackend(backend);
      const before = memory().numTensors;
      const mask = masks.and(masks.causal(), masks.padding({ lengths: [2, 3] }));
      const dense = use(mask.dense({ queryLength: 3, keyLength: 3 }));
      expect([dense.dtype, dense.shape]).toEqual(["bool", [2, 1, 3, 3]]);
      expect(Array.from(await dense.data())).toEqual([1, 0, 0, 1, 1, 0, 1, 1, 0, 1, 0, 0, 1, 1, 0, 1, 1, 1]);
      const again = masks.fromTensor(dense, { kind: "keep" });
      dense.dispose();
      expect(again.at(1, 0, 2, 2)).toBe(true);
      expect(() => masks.fromTensor(dense, { kind: "keep" })).toThrow(/live tensor/);
      expect(memory().numTensors).toBe(before);
    });
  }
});
