import { describe, expect, it } from "vitest";
import { Random } from "./random.js";

const draw = <Value>(count: number, next: () => Value) => Array.from({ length: count }, next);
const mean = (values: number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;
const variance = (values: number[]) => {
  const centre = mean(values);
  return mean(values.map((value) => (value - centre) ** 2));
};

describe("Random", () => {
  it("repeats for the same seed and differs for another", () => {
    const words = (seed: number) => {
      const random = new Random(seed);
      return draw(8, () => random.uint32());
    };
    expect(words(7)).toEqual(words(7));
    expect(words(7)).not.toEqual(words(8));
    expect(words(2 ** 32 + 7)).not.toEqual(words(7));
  });

  it("splits by label without drawing", () => {
    const random = new Random(1);
    const before = random.split("query").uint32();
    random.uint32();
    expect(random.split("query").uint32()).toBe(before);
    expect(random.split("key").uint32()).not.toBe(before);
    expect(random.split(1).uint32()).not.toBe(random.split("1").uint32());
  });

  it("draws uniforms with mean 1/2 and variance 1/12", () => {
    const random = new Random(2);
    const values = draw(20_000, () => random.uniform());
    expect(Math.min(...values)).toBeGreaterThanOrEqual(0);
    expect(Math.max(...values)).toBeLessThan(1);
    expect(mean(values)).toBeCloseTo(0.5, 2);
    expect(variance(values)).toBeCloseTo(1 / 12, 2);
  });

  it("draws normals with mean 0, variance 1 and kurtosis 3", () => {
    const random = new Random(3);
    const values = draw(50_000, () => random.normal());
    expect(mean(values)).toBeCloseTo(0, 1);
    expect(variance(values)).toBeCloseTo(1, 1);
    expect(mean(values.map((value) => value ** 4))).toBeCloseTo(3, 0);
  });

  it("draws every integer below the limit", () => {
    const random = new Random(4);
    expect(new Set(draw(200, () => random.integer(5)))).toEqual(new Set([0, 1, 2, 3, 4]));
  });

  it("rejects a seed that is not an integer", () => {
    expect(() => new Random(0.5)).toThrowErrorMatchingInlineSnapshot(`[ValueError: Random: seed must be an integer >= 0, got 0.5]`);
    expect(() => new Random(Number.NaN)).toThrowErrorMatchingInlineSnapshot(`[ValueError: Random: seed must be an integer >= 0, got NaN]`);
  });
});
