import { grads, ones, type Tensor, tensor, zeros } from "@tensorflow/tfjs-core";
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
import { rmsNorm } from "./rms-norm.js";
import { type NormCase, rmsNormOracle } from "./testing/norm-oracle.js";

const tight: Tolerance = { atol: 1e-5, rtol: 1e-5 };

function makeCase(rows: number, features: number, spread = 1): NormCase {
  return {
    features,
    x: randomNumbers(rows * features, 1, spread),
    weight: randomNumbers(features, 2),
    bias: [],
    dy: randomNumbers(rows * features, 4),
    eps: 1e-6,
  };
}

/** Compares the output and the gradients of x and weight with the oracle, for both weight offsets. */
async function expectOracle(given: NormCase): Promise<void> {
  const shape = [given.x.length / given.features, given.features] as [number, number];
  const [x, dy] = use([given.x, given.dy].map((values) => tensor(Array.from(values), shape)));
  const weight = use(tensor(Array.from(given.weight), [given.features]));
  for (const weightOffset of [0, 1] as const) {
    const expected = rmsNormOracle(given, weightOffset);
    const norm = (...at: Tensor[]) => rmsNorm(at[0]!, { weight: at[1]!, weightOffset });
    await expectClose(norm(x!, weight), { shape, data: expected.y }, tight, "y");
    const [dx, dweight] = use(grads(norm)([x!, weight], dy));
    await expectClose(dx!, { shape, data: expected.dx }, tight, "dx");
    await expectClose(dweight!, { shape: weight.shape, data: expected.dweight }, tight, "dweight");
  }
}

describe.each(backendNames.map((name) => [name]))("rmsNorm on %s", (backend) => {
  beforeAll(() => useBackend(backend));

  it.each(oddColumns.flatMap((features) => [1, 5].map((rows) => [rows, features] as const)))(
    "matches the oracle on %i rows of %i features, with gradients",
    (rows, features) => expectOracle(makeCase(rows, features)),
  );

  it("accepts numbers of 1e15", () => expectOracle(makeCase(3, 40, 1e15)));

  it.skipIf(backend.startsWith("web")).each([1e19, 1e20, 1e30, 9e37])(
    "equals float64 for numbers of %d, where PyTorch's float32 gives 0 from 1e20 on",
    (spread) => expectOracle(makeCase(3, 40, spread)),
  );

  it("has a factor of 1 without a weight, whatever the offset", async () => {
    const x = randomTensor([3, 9], 1);
    await expectClose(rmsNorm(x, { weightOffset: 1 }), rmsNorm(x, { weight: use(ones([9])) }));
    await expectClose(rmsNorm(x, { weight: use(zeros([9])), weightOffset: 1 }), rmsNorm(x));
  });

  it("gives NaN in the rows that contain NaN, and only there", async () => {
    const y = use(rmsNorm(use(tensor([1, NaN, 3, 4, 5, 1, 2, 3, 4, 5], [2, 5]))));
    expect(Array.from(await y.data(), Number.isNaN)).toEqual(Array.from({ length: 10 }, (_, index) => index < 5));
  });

  it("leaves one new tensor, its output, and none after an error", async () => {
    const [x, weight, wrong] = [randomTensor([4, 6], 1), randomTensor([6], 2), randomTensor([5], 3)];
    await expectNewTensors(() => rmsNorm(x, { weight }), 1);
    const call = (index: number) => {
      const norm = (...at: Tensor[]) => rmsNorm(at[0]!, { weight: at[1]! });
      for (const each of use(grads(norm)([x, index % 3 === 0 ? wrong : weight]))) each.dispose();
    };
    if (countsMemory(backend)) expectFlatResources(call, 300);
  });
});

describe.each(backendNames.map((name) => [name]))("the gradients of rmsNorm on %s", (backend) => {
  beforeAll(() => useBackend(backend));

  it.each([
    [true, 0],
    [true, 1],
    [false, 0],
  ] as const)("are those of finite differences, weight: %s, weightOffset: %i", async (hasWeight, weightOffset) => {
    const inputs = [randomTensor([2, 3, 7], 1), ...(hasWeight ? [randomTensor([7], 2)] : [])];
    await checkGradients((x, weight) => rmsNorm(x!, { weight, weightOffset }), inputs);
  });

  it.each([[[0, 5]], [[2, 0, 5]], [[3, 0]]])("are zeros for an empty x of shape %j", async (shape) => {
    const inputs = [use(zeros(shape)), randomTensor([shape.at(-1)!], 1)];
    const norm = (...at: Tensor[]) => rmsNorm(at[0]!, { weight: at[1]!, weightOffset: 1 });
    expect(use(norm(...inputs)).shape).toEqual(shape);
    for (const [index, gradient] of use(grads(norm)(inputs, use(zeros(shape)))).entries()) {
      await expectClose(gradient, zeros(inputs[index]!.shape));
    }
  });
});

describe("rmsNorm", () => {
  beforeAll(() => useBackend("cpu"));

  it("rejects invalid arguments by name", () => {
    const x = use(zeros([2, 4]));
    expect(() => rmsNorm(x, { weight: use(zeros([3])) })).toThrowErrorMatchingInlineSnapshot(
      `[ShapeError: rmsNorm: weight must be [features] with features = 4 (from x), got [3]]`,
    );
    expect(() => rmsNorm(x, { eps: -1 })).toThrowErrorMatchingInlineSnapshot(
      `[ValueError: rmsNorm: eps must be a finite float32 number > 0, got -1]`,
    );
    expect(() => rmsNorm(x, { weightOffset: 2 as never })).toThrowErrorMatchingInlineSnapshot(
      `[ValueError: rmsNorm: weightOffset must be 0, or 1 when weights are stored minus 1, got 2]`,
    );
    expect(() => rmsNorm(x, { bias: x } as never)).toThrowErrorMatchingInlineSnapshot(
      `[UnknownNameError: rmsNorm: unknown option "bias"; known options: weight, eps, weightOffset]`,
    );
    expect(() => rmsNorm([1, 2] as never)).toThrowErrorMatchingInlineSnapshot(
      `[DTypeError: rmsNorm: x must be a float32 tensor, got an array of length 2]`,
    );
  });
});
