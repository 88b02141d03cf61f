import { ones, zeros } from "@tensorflow/tfjs-core";
import "@tfblocks/tensor-utils/gradients";
import { backendNames, countsMemory, describeBlock, expectClose, randomTensor, use, useBackend } from "@tfblocks/testkit";
import { beforeAll, describe, expect, it } from "vitest";
import { LayerNorm } from "./layer-norm-block.js";
import { layerNorm } from "./layer-norm.js";
import { RMSNorm } from "./rms-norm-block.js";
import { rmsNorm } from "./rms-norm.js";

for (const backend of backendNames) {
  const shared = { prepare: () => useBackend(backend), input: () => randomTensor([2, 5, 6], 1), calls: countsMemory(backend) ? 1000 : 20 };
  describeBlock(`LayerNorm on ${backend}`, {
    ...shared,
    make: () => new LayerNorm({ features: 6 }),
    apply: (norm, x) => norm.apply(x),
  });
  describeBlock(`RMSNorm on ${backend}`, {
    ...shared,
    make: () => new RMSNorm({ features: 6, weightOffset: 1 }),
    apply: (norm, x) => norm.apply(x),
  });
}

describe("LayerNorm and RMSNorm", () => {
  beforeAll(() => useBackend("cpu"));

  it("equal the function without parameters at first", async () => {
    const x = randomTensor([2, 6], 1);
    const blocks = [
      use(new LayerNorm({ features: 6 })),
      use(new RMSNorm({ features: 6 })),
      use(new RMSNorm({ features: 6, weightOffset: 1 })),
    ];
    const functions = [layerNorm, rmsNorm, rmsNorm];
    for (const [index, block] of blocks.entries()) {
      const [ours, plain] = [use(block.apply(x)), use(functions[index]!(x))];
      await expectClose(ours, plain);
      for (const each of [ours, plain, block]) each.dispose();
    }
  });

  it("use the given eps", async () => {
    const x = randomTensor([2, 6], 1);
    for (const [block, plain] of [
      [use(new LayerNorm({ features: 6, eps: 0.5 })), use(layerNorm(x, { eps: 0.5 }))],
      [use(new RMSNorm({ features: 6, eps: 0.5 })), use(rmsNorm(x, { eps: 0.5 }))],
    ] as const) {
      const ours = use(block.apply(x));
      await expectClose(ours, plain);
      for (const each of [ours, plain, block]) each.dispose();
    }
  });

  it("have a weight, and a bias where asked for", async () => {
    const shapes = (block: LayerNorm | RMSNorm) => Object.entries(block.parameters()).map(([name, { shape }]) => [name, shape]);
    const [full, bare] = [use(new LayerNorm({ features: 3 })), use(new LayerNorm({ features: 3, bias: false }))];
    expect(shapes(full)).toEqual([
      ["weight", [3]],
      ["bias", [3]],
    ]);
    expect(shapes(bare)).toEqual([["weight", [3]]]);
    await expectClose(full.weight, ones([3]));
    await expectClose(use(new RMSNorm({ features: 3 })).weight, ones([3]));
    await expectClose(use(new RMSNorm({ features: 3, weightOffset: 1 })).weight, zeros([3]));
  });
});

describe("LayerNorm and RMSNorm reject", () => {
  beforeAll(() => useBackend("cpu"));

  it("wrong sizes and unknown names", () => {
    expect(() => new LayerNorm({ features: 0 })).toThrowErrorMatchingInlineSnapshot(
      `[ValueError: LayerNorm: features must be an integer >= 1, got 0]`,
    );
    expect(() => new LayerNorm({ features: 2, eps: NaN })).toThrowErrorMatchingInlineSnapshot(
      `[ValueError: LayerNorm: eps must be a finite float32 number > 0, got NaN]`,
    );
    expect(() => new LayerNorm({ features: 2, dim: 3 } as never)).toThrowErrorMatchingInlineSnapshot(
      `[UnknownNameError: LayerNorm: unknown size "dim"; it is called "features" here; known sizes: features, eps, bias]`,
    );
    expect(() => new RMSNorm({ features: 2, bias: true } as never)).toThrowErrorMatchingInlineSnapshot(
      `[UnknownNameError: RMSNorm: unknown size "bias"; known sizes: features, eps, weightOffset]`,
    );
    expect(() => use(new LayerNorm({ features: 2 })).apply(use(zeros([1, 3])))).toThrowErrorMatchingInlineSnapshot(
      `[ShapeError: LayerNorm.apply: x must be [..., features] with features = 2 (from weight), got [1, 3]]`,
    );
    expect(() => use(new RMSNorm({ features: 2 })).apply(use(zeros([1, 3])))).toThrowErrorMatchingInlineSnapshot(
      `[ShapeError: RMSNorm.apply: x must be [..., features] with features = 2 (from weight), got [1, 3]]`,
    );
    expect(() => use(new RMSNorm({ features: 2 })).apply([1, 2] as never)).toThrowErrorMatchingInlineSnapshot(
      `[DTypeError: RMSNorm.apply: x must be a float32 tensor, got an array of length 2]`,
    );
  });
});
