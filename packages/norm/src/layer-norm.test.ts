import { fill, grads, memory, ones, reshape, type Tensor, tensor, zeros } from "@tensorflow/tfjs-core";
import "@tfblocks/tensor-utils/gradients";
import {
  backendNames,
  checkGradients,
  countsMemory,
  expectClose,
  expectFlatResources,
  expectNewTensors,
  oddColumns,
  randomNumbers,
  randomTensor,
  type Tolerance,
  useBackend,
  use,
} from "@tfblocks/testkit";
import { beforeAll, describe, expect, it } from "vitest";
import { layerNorm } from "./layer-norm.js";
import { layerNormOracle, type NormCase } from "./testing/norm-oracle.js";

const eps = 1e-5;
const tight: Tolerance = { atol: 1e-5, rtol: 1e-5 };

function makeCase(rows: number, features: number, { mean = 0, spread = 1 } = {}): NormCase {
  return {
    features,
    x: randomNumbers(rows * features, 1, spread, mean),
    weight: randomNumbers(features, 2),
    bias: randomNumbers(features, 3),
    dy: randomNumbers(rows * features, 4),
    eps,
  };
}

/** Compares the output and the gradients of x, weight and bias with the oracle. */
async function expectOracle(given: NormCase, tolerance = tight): Promise<void> {
  const { features } = given;
  const shape = [given.x.length / features, features];
  const expected = layerNormOracle(given);
  const [x, dy] = use([given.x, given.dy].map((values) => tensor(Array.from(values), shape as [number, number])));
  const [weight, bias] = use([given.weight, given.bias].map((values) => tensor(Array.from(values), [features])));
  const y = use(layerNorm(x!, { weight: weight!, bias: bias!, eps: given.eps }));
  await expectClose(y, { shape, data: expected.y }, tolerance, "y");
  const gradients = use(grads((...at) => layerNorm(at[0]!, { weight: at[1]!, bias: at[2]!, eps: given.eps }))([x!, weight!, bias!], dy));
  for (const [index, name] of (["dx", "dweight", "dbias"] as const).entries()) {
    await expectClose(gradients[index]!, { shape: gradients[index]!.shape, data: expected[name] }, tolerance, name);
  }
  for (const each of [x!, dy!, weight!, bias!, y, ...gradients]) each.dispose();
}

describe.each(backendNames.map((name) => [name]))("layerNorm on %s", (backend) => {
  beforeAll(() => useBackend(backend));

  it.each(oddColumns.flatMap((features) => [1, 5].map((rows) => [rows, features] as const)))(
    "matches the oracle on %i rows of %i features, with gradients",
    (rows, features) => expectOracle(makeCase(rows, features), features === 1 ? { atol: 1e-4, rtol: 1e-5 } : tight),
  );

  it("stays accurate on rows with mean 1e4 and standard deviation 1", () => expectOracle(makeCase(6, 517, { mean: 1e4 })));

  it("accepts numbers of 1e15", () => expectOracle(makeCase(3, 40, { spread: 1e15 })));

  it.skipIf(backend.startsWith("web")).each([1e19, 1e20, 1e30, 9e37])(
    "equals float64 for numbers of %d, where PyTorch's float32 gives NaN from 1e20 on",
    async (spread) => {
      await expectOracle(makeCase(3, 40, { spread }));
      await expectOracle(makeCase(2, 300, { spread: spread / 100, mean: spread }));
      const ordinary = makeCase(3, 40);
      await expectOracle({ ...ordinary, x: Array.from(ordinary.x, (each, at) => (at < 40 ? each * spread : each)) });
    },
  );

  it("maps a row of equal numbers to the bias", async () => {
    const [x, bias] = [use(fill([2, 300], 1234.5)), randomTensor([300], 1)];
    const y = use(layerNorm(x, { bias }));
    await expectClose(y, tensor([Array.from(await bias.data()), Array.from(await bias.data())]));
  });

  it("accepts one row as a vector", async () => {
    const x = randomTensor([9], 1);
    await expectClose(layerNorm(x), reshape(use(layerNorm(use(reshape(x, [1, 9])))), [9]));
  });

  it.each([NaN, Infinity, -Infinity])("gives NaN in the rows that contain %d, and only there", async (odd) => {
    const y = use(layerNorm(use(tensor([1, odd, 3, 4, 5, 1, 2, 3, 4, 5], [2, 5])), { weight: use(ones([5])) }));
    expect(Array.from(await y.data(), Number.isNaN)).toEqual(Array.from({ length: 10 }, (_, index) => index < 5));
  });

  it("leaves one new tensor, its output, and none after an error", async () => {
    const [x, weight, wrong] = [randomTensor([4, 6], 1), randomTensor([6], 2), randomTensor([5], 3)];
    await expectNewTensors(() => layerNorm(x, { weight }), 1);
    const call = (index: number) => {
      const norm = (at: Tensor, by: Tensor) => layerNorm(at, { weight: by });
      for (const each of use(grads(norm as never)([x, index % 3 === 0 ? wrong : weight]))) each.dispose();
    };
    if (countsMemory(backend)) expectFlatResources(call, 300);
  });
});

describe.each(backendNames.map((name) => [name]))("the gradients of layerNorm on %s", (backend) => {
  beforeAll(() => useBackend(backend));

  it.each([
    [true, true],
    [true, false],
    [false, true],
    [false, false],
  ])("are those of finite differences, weight: %s, bias: %s", async (hasWeight, hasBias) => {
    const inputs = [
      randomTensor([2, 3, 7], 1),
      ...use([hasWeight, hasBias].flatMap((has, index) => (has ? [randomTensor([7], 2 + index)] : []))),
    ];
    const norm = (...at: Tensor[]) =>
      layerNorm(at[0]!, { weight: hasWeight ? at[1] : undefined, bias: hasBias ? at[hasWeight ? 2 : 1] : undefined });
    await checkGradients(norm, inputs);
  });

  it.each([[[0, 5]], [[2, 0, 5]], [[3, 0]]])("are zeros for an empty x of shape %j", async (shape) => {
    const features = shape.at(-1)!;
    const inputs = [use(zeros(shape)), randomTensor([features], 1), randomTensor([features], 2)];
    const norm = (...at: Tensor[]) => layerNorm(at[0]!, { weight: at[1]!, bias: at[2]! });
    expect(use(norm(...inputs)).shape).toEqual(shape);
    for (const [index, gradient] of use(grads(norm)(inputs, use(zeros(shape)))).entries()) {
      await expectClose(gradient, zeros(inputs[index]!.shape));
    }
  });
});

describe("layerNorm", () => {
  beforeAll(() => useBackend("cpu"));

  it("rejects invalid arguments by name", () => {
    const x = use(zeros([2, 4]));
    const before = memory().numTensors;
    expect(() => layerNorm(x, { weight: x })).toThrowErrorMatchingInlineSnapshot(
      `[ShapeError: layerNorm: weight must be [features], got [2, 4]]`,
    );
    expect(() => layerNorm(x, { bias: use(zeros([8])) })).toThrowErrorMatchingInlineSnapshot(
      `[ShapeError: layerNorm: bias must be [features] with features = 4 (from x), got [8]]`,
    );
    expect(() => layerNorm(x, { eps: 0 })).toThrowErrorMatchingInlineSnapshot(
      `[ValueError: layerNorm: eps must be a finite float32 number > 0, got 0]`,
    );
    expect(() => layerNorm(x, { epsilon: 1 } as never)).toThrowErrorMatchingInlineSnapshot(
      `[UnknownNameError: layerNorm: unknown option "epsilon"; it is called "eps" here; known options: weight, bias, eps]`,
    );
    expect(() => layerNorm(use(zeros([])))).toThrowErrorMatchingInlineSnapshot(
      `[ShapeError: layerNorm: x must be [..., features], got []]`,
    );
    expect(() => layerNorm(use(zeros([2, 4], "int32")))).toThrowErrorMatchingInlineSnapshot(
      `[DTypeError: layerNorm: x must be a float32 tensor, got int32 [2, 4]; convert it with tf.cast(x, "float32") if that is what it means]`,
    );
    expect(memory().numTensors - before).toBe(3);
  });
});
