import { grad, ones, type Tensor, tensor, zeros } from "@tensorflow/tfjs-core";
import "@tfblocks/tensor-utils/gradients";
import {
  backendNames,
  countsMemory,
  expectClose,
  expectFlatResources,
  expectNewTensors,
  randomTensor,
  useBackend,
  use,
} from "@tfblocks/testkit";
import { threefry2x32 } from "@tfblocks/tensor-utils";
import { beforeAll, describe, expect, it } from "vitest";
import { dropout } from "./dropout.js";

describe.each(backendNames.map((name) => [name]))("dropout on %s", (backend) => {
  beforeAll(() => useBackend(backend));

  it("drops the same elements on every backend, as its random words determine", async () => {
    const words = new Uint32Array(2);
    const expected = Array.from({ length: 15 }, (_, cell) => {
      threefry2x32(words, 42, 1, Math.floor(cell / 2), 0, 13);
      return words[cell % 2]! / 2 ** 32 < 0.4 ? 0 : 1 / 0.6;
    });
    await expectClose(dropout(use(ones([3, 5])), { rate: 0.4, seed: 42 }), { shape: [3, 5], data: expected }, { atol: 1e-7, rtol: 1e-7 });
    expect(expected.filter((each) => each === 0).length).toBeGreaterThan(2);
  });

  it("scales the gradient like the value, and repeats for the same seed", async () => {
    const [x, dy] = [randomTensor([4, 9], 1), randomTensor([4, 9], 2)];
    const drop = (at: Tensor) => dropout(at, { rate: 0.25, seed: 7 });
    await expectClose(grad(drop)(x, dy), drop(dy), { atol: 0, rtol: 0 });
    await expectClose(drop(x), drop(x), { atol: 0, rtol: 0 });
  });

  it("returns a copy of x for rate 0 or an empty x", async () => {
    const [x, none] = [randomTensor([3], 1), use(zeros([0, 4]))];
    const same = await expectNewTensors(() => dropout(x, { rate: 0, seed: 1 }), 1);
    await expectClose(same, x, { atol: 0, rtol: 0 });
    same.dispose();
    expect(use(dropout(none, { rate: 0.5, seed: 1 })).shape).toEqual([0, 4]);
  });

  it("supports a scalar and preserves NaN", async () => {
    expect(use(dropout(use(tensor(2)), { rate: 0.5, seed: 1 })).shape).toEqual([]);
    const y = use(dropout(use(tensor(Array.from({ length: 20 }, () => NaN))), { rate: 0.5, seed: 1 }));
    expect((await y.data()).every(Number.isNaN)).toBe(true);
  });

  it("returns one new tensor, and does not leak over many gradients", async () => {
    const x = randomTensor([2, 5], 1);
    await expectNewTensors(() => dropout(x, { rate: 0.5, seed: 3 }), 1);
    if (!countsMemory(backend)) return;
    expectFlatResources((index) => grad((at) => dropout(at, { rate: 0.5, seed: index - 1 }))(x).dispose(), 100);
  });
});

describe("dropout", () => {
  beforeAll(() => useBackend("cpu"));

  it.each([0.1, 0.5, 0.9])("drops a fraction of %d and preserves the mean", async (rate) => {
    const y = Array.from(await use(dropout(use(ones([200, 500])), { rate, seed: 5 })).data());
    const dropped = y.filter((each) => each === 0).length / y.length;
    const mean = y.reduce((sum, each) => sum + each, 0) / y.length;
    expect(Math.abs(dropped - rate)).toBeLessThan(0.005);
    expect(Math.abs(mean - 1)).toBeLessThan(0.05);
  });

  it("drops different elements for a different seed", async () => {
    const [a, b] = [1, 2].map((seed) => Array.from(use(dropout(use(ones([64])), { rate: 0.5, seed })).dataSync()));
    expect(a).not.toEqual(b);
  });

  it("rejects invalid rates, seeds and options", () => {
    const x = use(ones([2]));
    expect(() => dropout(x, { rate: 1, seed: 1 })).toThrowErrorMatchingInlineSnapshot(
      `[ValueError: dropout: rate must be a number in [0, 1), got 1]`,
    );
    expect(() => dropout(x, { rate: 0.5, seed: -1 })).toThrowErrorMatchingInlineSnapshot(
      `[ValueError: dropout: seed must be an integer from 0 to 4294967295, got -1]`,
    );
    expect(() => dropout(x, { rate: 0.5, seed: 1, p: 2 } as never)).toThrowErrorMatchingInlineSnapshot(
      `[UnknownNameError: dropout: unknown option "p"; it is called "rate" here; known options: rate, seed]`,
    );
    expect(() => dropout(use(zeros([2], "bool")), { rate: 0.5, seed: 1 })).toThrowErrorMatchingInlineSnapshot(
      `[DTypeError: dropout: x must be a float32 tensor, got bool [2]; convert it with tf.cast(x, "float32") if that is what it means]`,
    );
  });
});
