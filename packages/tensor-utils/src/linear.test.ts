import { add, grads, mean, memory, type Scalar, squaredDifference, type Tensor, train, zeros } from "@tensorflow/tfjs-core";
import "@tfblocks/tensor-utils/gradients";
import {
  type BackendName,
  backendNames,
  checkGradients,
  countsMemory,
  expectClose,
  expectFlatResources,
  expectNewTensors,
  randomTensor,
  use,
  useBackend,
} from "@tfblocks/testkit";
import { beforeAll, describe, expect, it } from "vitest";
import { StateDictError } from "./block.js";
import { linear, Linear } from "./linear.js";
import { Random } from "./random.js";

/** x Wᵀ + b in float64 loops. */
async function oracle(x: Tensor, weight: Tensor, bias?: Tensor) {
  const [outFeatures, inFeatures] = weight.shape as [number, number];
  const [values, weights, biases] = [await x.data(), await weight.data(), await bias?.data()];
  const data = Array.from({ length: (x.size / inFeatures) * outFeatures }, (_, cell) => {
    const [row, feature] = [Math.floor(cell / outFeatures), cell % outFeatures];
    let total = biases?.[feature] ?? 0;
    for (let k = 0; k < inFeatures; k++) total += values[row * inFeatures + k]! * weights[feature * inFeatures + k]!;
    return total;
  });
  return { shape: [...x.shape.slice(0, -1), outFeatures], data };
}

function describeBias(backend: BackendName): void {
  describe(`the bias of linear on ${backend}`, () => {
    beforeAll(() => useBackend(backend));

    it("is the result where there are no inputs", async () => {
      for (const rows of [1, 9]) {
        const bias = randomTensor([5], 3);
        const y = use(linear(use(zeros([rows, 0])), use(zeros([5, 0])), bias));
        await expectClose(y, { shape: [rows, 5], data: Array.from({ length: rows }, () => [...bias.dataSync()]).flat() });
      }
    });

    it("is added after the whole sum, in the same bits as by add", async () => {
      for (const rows of [1, 4, 5, 70]) {
        const [x, weight, bias] = [randomTensor([rows, 600], 1), randomTensor([130, 600], 2), randomTensor([130], 3)];
        await expectClose(use(linear(x, weight, bias)), use(add(use(linear(x, weight)), bias)), { atol: 0, rtol: 0 });
      }
    });
  });
}

function describeLinear(backend: BackendName): void {
  describe(`linear on ${backend}`, () => {
    beforeAll(() => useBackend(backend));

    it.each([[[4, 3]], [[1, 3]], [[2, 4, 3]], [[2, 1, 5, 3]]])("maps x of shape %j", async (shape) => {
      const [x, weight, bias] = [randomTensor(shape, 1), randomTensor([5, 3], 2), randomTensor([5], 3)];
      await expectClose(await expectNewTensors(() => linear(x, weight), 1), await oracle(x, weight));
      await expectClose(await expectNewTensors(() => linear(x, weight, bias), 1), await oracle(x, weight, bias));
      await checkGradients((...at) => linear(at[0]!, at[1]!, at[2]!), [x, weight, bias]);
    });

    it("supports an empty x, with zero gradients", async () => {
      const [x, weight, bias] = [use(zeros([2, 0, 3])), randomTensor([5, 3], 2), randomTensor([5], 3)];
      const y = use(linear(x, weight, bias));
      expect(y.shape).toEqual([2, 0, 5]);
      for (const [index, gradient] of use(grads((...at) => linear(at[0]!, at[1]!, at[2]!))([x, weight, bias], y)).entries()) {
        const { shape, size } = [x, weight, bias][index]!;
        await expectClose(gradient, { shape, data: new Float32Array(size) });
      }
    });

    it("learns a linear map", async () => {
      const [x, truth] = [randomTensor([32, 3], 1), randomTensor([2, 3], 2)];
      const target = use(linear(x, truth));
      const layer = use(new Linear({ inFeatures: 3, outFeatures: 2 }));
      const optimizer = use(train.sgd(0.5));
      const loss = () => mean(use(squaredDifference(use(layer.apply(x)), target))) as Scalar;
      for (let step = 0; step < 40; step++) use(optimizer.minimize(loss));
      await expectClose(layer.weight, truth, { atol: 1e-3, rtol: 1e-3 });
    });

    it("does not leak, also when it throws", async () => {
      const [x, layer] = [randomTensor([2, 3], 1), use(new Linear({ inFeatures: 3, outFeatures: 2 }))];
      const wrong = randomTensor([2, 4], 1);
      if (countsMemory(backend)) expectFlatResources((index) => layer.apply(index % 2 === 0 ? x : wrong).dispose());
      else layer.apply(x).dispose();
    });
  });
}

for (const backend of backendNames) {
  describeLinear(backend);
  describeBias(backend);
}

describe("Linear", () => {
  beforeAll(() => useBackend("cpu"));

  it("starts with PyTorch's weights and a zero bias, determined by the seed", async () => {
    const [layer, again, other] = use(
      [0, 0, 1].map((seed) => new Linear({ inFeatures: 4, outFeatures: 100, random: new Random(seed) })),
    ) as [Linear, Linear, Linear];
    const largest = Math.max(...(await layer.weight.data()).map(Math.abs));
    expect(largest).toBeLessThanOrEqual(0.5);
    expect(largest).toBeGreaterThan(0.48);
    await expectClose(layer.bias!, zeros([100]));
    await expectClose(again.weight, layer.weight);
    expect(await other.weight.data()).not.toEqual(await layer.weight.data());
  });

  it("has a weight and, unless disabled, a bias", () => {
    const layer = use(new Linear({ inFeatures: 3, outFeatures: 2 }));
    const bare = use(new Linear({ inFeatures: 3, outFeatures: 2, bias: false }));
    expect(Object.entries(layer.parameters()).map(([name, { shape }]) => [name, shape])).toEqual([
      ["weight", [2, 3]],
      ["bias", [2]],
    ]);
    expect(Object.keys(bare.parameters())).toEqual(["weight"]);
  });

  it("loads the state of another Linear and rejects a state that does not match", async () => {
    const [from, to] = use([1, 2].map((seed) => new Linear({ inFeatures: 3, outFeatures: 2, random: new Random(seed) }))) as [
      Linear,
      Linear,
    ];
    const state = use(from.stateDict());
    to.loadStateDict(state);
    await expectClose(to.weight, from.weight, { atol: 0, rtol: 0 });
    expect(() => use(new Linear({ inFeatures: 3, outFeatures: 2, bias: false })).loadStateDict(state)).toThrow(StateDictError);
    expect(() => to.loadStateDict({ weight: use(zeros([3, 2])), scale: use(zeros([2])) })).toThrowErrorMatchingInlineSnapshot(
      `[StateDictError: Linear.loadStateDict: state does not match the parameters: missing "bias"; unexpected "scale"; "weight" is [3, 2], expected [2, 3]]`,
    );
  });
});

describe("the errors of Linear", () => {
  beforeAll(() => useBackend("cpu"));

  it("names the argument, the expected and the received shape", () => {
    const before = memory().numTensors;
    expect(() => new Linear({ inFeatures: 0, outFeatures: 2 })).toThrowErrorMatchingInlineSnapshot(
      `[ValueError: Linear: inFeatures must be an integer >= 1, got 0]`,
    );
    expect(() => new Linear({ inFeatures: 3, outFeatures: 2.5 })).toThrowErrorMatchingInlineSnapshot(
      `[ValueError: Linear: outFeatures must be an integer >= 1, got 2.5]`,
    );
    expect(memory().numTensors).toBe(before);
    expect(() => linear(use(zeros([2, 4])), use(zeros([5, 3])))).toThrowErrorMatchingInlineSnapshot(
      `[ShapeError: linear: weight must be [outFeatures, inFeatures] with inFeatures = 4 (from x), got [5, 3]]`,
    );
    expect(() => linear(use(zeros([2, 3])), use(zeros([5, 3])), use(zeros([3])))).toThrowErrorMatchingInlineSnapshot(
      `[ShapeError: linear: bias must be [outFeatures] with outFeatures = 5 (from weight), got [3]]`,
    );
    expect(() => linear(use(zeros([3])), use(zeros([5, 3])))).toThrowErrorMatchingInlineSnapshot(
      `[ShapeError: linear: x must be [..., length, inFeatures], got [3]]`,
    );
    const layer = use(new Linear({ inFeatures: 3, outFeatures: 2 }));
    layer.dispose();
    expect(() => layer.apply(use(zeros([1, 3])))).toThrowErrorMatchingInlineSnapshot(
      `[DisposedError: linear: weight must be a live tensor, got a disposed tensor; keep it alive until the call returns]`,
    );
    expect(() => layer.stateDict()).toThrowErrorMatchingInlineSnapshot(
      `[DisposedError: stateDict: parameter "weight" must be alive, got a disposed variable]`,
    );
  });
});
