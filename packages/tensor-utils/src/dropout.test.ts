import { memory } from "@tensorflow/tfjs-core";
import { backendNames, expectNewTensors, useBackend } from "@tfblocks/testkit";
import { beforeAll, describe, expect, it } from "vitest";
import { dropoutFactors, type WeightDropout } from "./dropout.js";

type Shape = [number, number, number, number];

async function factors(shape: Shape, options: WeightDropout): Promise<number[]> {
  const tensor = dropoutFactors(shape, options);
  const values = [...(await tensor.data())];
  tensor.dispose();
  return values;
}

describe.each(backendNames.map((name) => [name]))("dropoutFactors on %s", (backend) => {
  beforeAll(() => useBackend(backend));

  it("repeats for the same seed and differs for another", async () => {
    const [first, again, other] = [
      await factors([2, 3, 4, 5], { rate: 0.5, seed: 1 }),
      await factors([2, 3, 4, 5], { rate: 0.5, seed: 1 }),
      await factors([2, 3, 4, 5], { rate: 0.5, seed: 2 }),
    ];
    expect(again).toEqual(first);
    expect(other).not.toEqual(first);
  });

  it("returns one tensor of the requested shape", async () => {
    const tensor = await expectNewTensors(() => dropoutFactors([2, 0, 3, 4], { rate: 0.5, seed: 1 }), 1);
    expect(tensor.shape).toEqual([2, 0, 3, 4]);
  });
});

describe("dropoutFactors", () => {
  beforeAll(() => useBackend("cpu"));

  it("drops the same weights for a seed in every release", async () => {
    expect(await factors([1, 2, 2, 5], { rate: 0.5, seed: 42 })).toEqual([0, 0, 2, 2, 0, 0, 2, 2, 0, 2, 2, 2, 0, 0, 0, 0, 2, 0, 0, 0]);
  });

  it.each([
    [0, 0],
    [1, 1],
    [3, 2],
    [5, 7],
  ])("with query offset %d and key offset %d returns that part of the whole", async (queryOffset, keyOffset) => {
    const options = { rate: 0.4, seed: 7 };
    const whole = await factors([2, 2, 8, 12], options);
    const part = await factors([2, 2, 3, 5], { ...options, queryOffset, keyOffset });
    const expected = part.map((_, cell) => {
      const [map, query, key] = [Math.floor(cell / 15), Math.floor(cell / 5) % 3, cell % 5];
      return whole[(map * 8 + query + queryOffset) * 12 + key + keyOffset];
    });
    expect(part).toEqual(expected);
  });

  it("does not change a head when batch or heads grow", async () => {
    const small = await factors([1, 1, 4, 4], { rate: 0.5, seed: 3 });
    expect((await factors([2, 3, 4, 4], { rate: 0.5, seed: 3 })).slice(0, 16)).toEqual(small);
  });
});

describe("the distribution of dropoutFactors", () => {
  beforeAll(() => useBackend("cpu"));

  it.each([0, 0.1, 0.5, 0.9])("drops a fraction of %d and preserves the mean", async (rate) => {
    const values = await factors([2, 4, 100, 101], { rate, seed: 5 });
    const dropped = values.filter((value) => value === 0).length / values.length;
    const deviation = Math.sqrt((rate * (1 - rate)) / values.length);
    expect(Math.abs(dropped - rate)).toBeLessThanOrEqual(4 * deviation);
    expect(new Set(values.filter((value) => value !== 0))).toEqual(new Set([Math.fround(1 / (1 - rate))]));
  });

  it("is uncorrelated between neighbours, heads, batch elements and seeds", async () => {
    const options = { rate: 0.5, seed: 11 };
    const values = (await factors([2, 2, 64, 64], options)).map((value) => value - 1);
    const other = (await factors([2, 2, 64, 64], { ...options, seed: 12 })).map((value) => value - 1);
    const correlation = (shift: number, with_ = values) =>
      values.reduce((total, value, cell) => total + value * with_[(cell + shift) % values.length]!, 0) / values.length;
    // Next key, next query, next head, next batch, another seed: 4 deviations of 1 / sqrt(16384).
    for (const shift of [1, 64, 64 * 64, 2 * 64 * 64]) expect(Math.abs(correlation(shift))).toBeLessThan(4 / 128);
    expect(Math.abs(correlation(0, other))).toBeLessThan(4 / 128);
  });
});

describe("the arguments of dropoutFactors", () => {
  beforeAll(() => useBackend("cpu"));

  it("supports offsets beyond 2^31", async () => {
    const at = (keyOffset: number) => factors([1, 1, 1, 6], { rate: 0.5, seed: 1, keyOffset });
    expect((await at(2 ** 31 - 3)).slice(1)).toEqual((await at(2 ** 31 - 2)).slice(0, 5));
  });

  it("rejects rates, seeds and offsets that are out of range, and unknown options", () => {
    const before = memory().numTensors;
    const call = (options: Partial<Record<keyof WeightDropout, unknown>>) => () =>
      dropoutFactors([1, 1, 2, 2], { rate: 0.1, seed: 1, ...options } as WeightDropout);
    for (const rate of [1, -0.1, Number.NaN, "0.5", undefined]) {
      expect(call({ rate })).toThrow("dropoutFactors: rate must be a number in [0, 1), got");
    }
    for (const seed of [-1, 2 ** 32, 0.5, undefined]) {
      expect(call({ seed })).toThrow("dropoutFactors: seed must be an integer from 0 to 4294967295, got");
    }
    expect(call({ queryOffset: -1 })).toThrowErrorMatchingInlineSnapshot(
      `[ValueError: dropoutFactors: queryOffset must be an integer from 0 to 4294967295, got -1]`,
    );
    expect(call({ keyOffset: 0.5 })).toThrowErrorMatchingInlineSnapshot(
      `[ValueError: dropoutFactors: keyOffset must be an integer from 0 to 4294967295, got 0.5]`,
    );
    expect(call({ offset: 1 } as never)).toThrowErrorMatchingInlineSnapshot(
      `[UnknownNameError: dropoutFactors: unknown option "offset"; known options: rate, seed, queryOffset, keyOffset]`,
    );
    expect(memory().numTensors).toBe(before);
  });
});
