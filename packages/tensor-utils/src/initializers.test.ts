import { memory, tensor1d, tensor2d } from "@tensorflow/tfjs-core";
import { use } from "@tfblocks/testkit";
import { describe, expect, it } from "vitest";
import * as initializers from "./initializers.js";
import { Linear } from "./linear.js";
import { Random, unsetRandom } from "./random.js";

const shape = [60, 40];
const uniformBounds = {
  xavierUniform: Math.sqrt(6 / 100),
  packedXavierUniform: Math.sqrt(6 / (40 + 180)),
  kaimingUniform: Math.sqrt(6 / 40),
  lecunUniform: Math.sqrt(3 / 40),
  torchLinearWeight: 1 / Math.sqrt(40),
} as const;
const deviations = { xavierNormal: Math.sqrt(2 / 100), kaimingNormal: Math.sqrt(2 / 40), lecunNormal: Math.sqrt(1 / 40) } as const;

function draw(initializer: initializers.Initializer, seed = 1) {
  const weight = use(initializer(shape, new Random(seed)));
  const values = [...weight.dataSync()];
  weight.dispose();
  return values;
}
const deviation = (values: number[]) => Math.sqrt(values.reduce((sum, value) => sum + value ** 2, 0) / values.length);

describe("initializers", () => {
  it("reject a shape that does not fit into memory before they allocate it", () => {
    const before = memory().numTensors;
    expect(() => initializers.normalInit(1)([2 ** 30, 64], new Random(1))).toThrow(
      /parameter \[1073741824, 64\] must be at most 2147483647 bytes/,
    );
    expect(memory().numTensors).toBe(before);
  });

  it.each(Object.entries(uniformBounds))("%s fills the range up to its published bound", (name, bound) => {
    const largest = Math.max(...draw(initializers[name as keyof typeof uniformBounds]).map(Math.abs));
    expect(largest).toBeLessThanOrEqual(bound * (1 + 1e-6));
    expect(largest).toBeGreaterThan(0.99 * bound);
  });

  it.each(Object.entries(deviations))("%s has its published standard deviation", (name, expected) => {
    expect(deviation(draw(initializers[name as keyof typeof deviations])) / expected).toBeCloseTo(1, 1);
  });

  it("truncatedNormalInit stays within its limit", () => {
    const values = draw(initializers.truncatedNormalInit(0.02, { mean: 1 }));
    expect(Math.max(...values.map((value) => Math.abs(value - 1)))).toBeLessThanOrEqual(0.04 + 1e-6);
  });
});

describe("the shapes of initializers", () => {
  it("count the fans of convolution weights as PyTorch does: features times the receptive field", () => {
    const largest = Math.max(
      ...use(initializers.xavierUniform([8, 4, 3, 3], new Random(1)))
        .dataSync()
        .map(Math.abs),
    );
    const bound = Math.sqrt(6 / (4 * 9 + 8 * 9));
    expect(largest).toBeLessThanOrEqual(bound * (1 + 1e-6));
    expect(largest).toBeGreaterThan(0.95 * bound);
  });

  it.each(Object.keys({ ...uniformBounds, ...deviations, zerosInit: 0 }))("%s supports empty shapes", (name) => {
    const initializer = initializers[name as keyof typeof deviations];
    for (const empty of [
      [0, 3],
      [3, 0],
      [0, 0],
    ]) {
      const weight = use(initializer(empty, new Random(1)));
      expect(weight.shape).toEqual(empty);
    }
  });

  it("zerosInit, onesInit, normalInit and uniformInit fill vectors", async () => {
    const vector = (initializer: initializers.Initializer) => [...use(initializer([4], new Random(1))).dataSync()];
    expect(vector(initializers.zerosInit)).toEqual([0, 0, 0, 0]);
    expect(vector(initializers.onesInit)).toEqual([1, 1, 1, 1]);
    expect(vector(initializers.normalInit(0, 3))).toEqual([3, 3, 3, 3]);
    expect(vector(initializers.uniformInit(2, 2))).toEqual([2, 2, 2, 2]);
  });
});

describe("the tensors of initializers", () => {
  it("repeat for the same seed and return one tensor", () => {
    const before = memory().numTensors;
    const weight = use(initializers.xavierUniform(shape, new Random(5)));
    expect(memory().numTensors).toBe(before + 1);
    expect([...weight.dataSync()]).toEqual(draw(initializers.xavierUniform, 5));
  });

  it("allocate nothing for parameters that are loaded next, in any part of a model, which are refused until they are set", () => {
    const random = unsetRandom.split("layers").split(0);
    for (const init of [initializers.normalInit(1, 5), initializers.xavierUniform, initializers.onesInit, initializers.zerosInit]) {
      const large = use(init([2 ** 14, 2 ** 14], random)); // 1 GiB
      expect([large.shape, large.dataSync().length]).toEqual([[2 ** 14, 2 ** 14], 0]);
    }
    const linear = use(new Linear({ inFeatures: 2, outFeatures: 1, random }));
    expect(() => linear.apply(use(tensor2d([[1, 2]])))).toThrowErrorMatchingInlineSnapshot(
      `[ValueError: linear: weight must be set, got a parameter of unsetRandom, which has no numbers yet; set it with loadStateDict]`,
    );
    linear.loadStateDict({ weight: use(tensor2d([[3, 4]])), bias: use(tensor1d([5])) });
    expect([...use(linear.apply(use(tensor2d([[1, 2]])))).dataSync()]).toEqual([16]);
  });
});

describe("the arguments of initializers", () => {
  it("rejects unknown options", () => {
    expect(() => initializers.truncatedNormalInit(0.02, { max: 2 } as never)).toThrowErrorMatchingInlineSnapshot(
      `[UnknownNameError: truncatedNormalInit: unknown option "max"; known options: mean, limit]`,
    );
  });

  it("rejects invalid ranges and shapes", () => {
    expect(() => initializers.uniformInit(1, -1)).toThrowErrorMatchingInlineSnapshot(`[ValueError: uniformInit: max must be >= 1, got -1]`);
    expect(() => initializers.normalInit(-0.02)).toThrowErrorMatchingInlineSnapshot(
      `[ValueError: normalInit: standardDeviation must be >= 0, got -0.02]`,
    );
    expect(() => initializers.truncatedNormalInit(-0.02)).toThrowErrorMatchingInlineSnapshot(
      `[ValueError: truncatedNormalInit: standardDeviation must be >= 0, got -0.02]`,
    );
    expect(() => initializers.truncatedNormalInit(0.02, { limit: 0 })).toThrowErrorMatchingInlineSnapshot(
      `[ValueError: truncatedNormalInit: limit must be >= 0.1, got 0]`,
    );
    expect(() => initializers.zerosInit([2, -1], new Random(0))).toThrowErrorMatchingInlineSnapshot(
      `[ValueError: Initializer: each size in shape must be an integer >= 0, got -1]`,
    );
    expect(() => initializers.zerosInit([1.5], new Random(0))).toThrowErrorMatchingInlineSnapshot(
      `[ValueError: Initializer: each size in shape must be an integer >= 0, got 1.5]`,
    );
  });

  it("rejects a vector where fans are needed, and numbers that are not finite", () => {
    expect(() => initializers.xavierUniform([3], new Random(0))).toThrowErrorMatchingInlineSnapshot(
      `[ValueError: xavierUniform: shape must be [outFeatures, inFeatures, ...], got [3]; use zerosInit, normalInit or uniformInit for a vector]`,
    );
    expect(() => initializers.normalInit(Number.NaN)).toThrowErrorMatchingInlineSnapshot(
      `[ValueError: normalInit: standardDeviation must be a finite number, got NaN]`,
    );
  });
});
