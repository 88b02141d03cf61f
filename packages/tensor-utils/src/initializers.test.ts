import { memory } from "@tensorflow/tfjs-core";
import { describe, expect, it } from "vitest";
import * as initializers from "./initializers.js";
import { Random } from "./random.js";

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
  const weight = initializer(shape, new Random(seed));
  const values = [...weight.dataSync()];
  weight.dispose();
  return values;
}
const deviation = (values: number[]) => Math.sqrt(values.reduce((sum, value) => sum + value ** 2, 0) / values.length);

describe("initializers", () => {
  it.each(Object.entries(uniformBounds))("%s fills its published bound", (name, bound) => {
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

  it("repeats from a seed and leaves one tensor", () => {
    const before = memory().numTensors;
    const weight = initializers.xavierUniform(shape, new Random(5));
    expect(memory().numTensors).toBe(before + 1);
    expect([...weight.dataSync()]).toEqual(draw(initializers.xavierUniform, 5));
    weight.dispose();
  });

  it("refuses a vector where fans are needed", () => {
    expect(() => initializers.xavierUniform([3], new Random(0))).toThrowErrorMatchingInlineSnapshot(
      `[ValueError: xavierUniform: shape must be [outFeatures, inFeatures, ...], got [3]; use zerosInit, normalInit or uniformInit for a vector]`,
    );
    expect(() => initializers.normalInit(Number.NaN)).toThrowErrorMatchingInlineSnapshot(
      `[ValueError: normalInit: standardDeviation must be a finite number, got NaN]`,
    );
  });
});
