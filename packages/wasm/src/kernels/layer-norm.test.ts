import { grads, ones, type Tensor, tensor, tidy, zeros } from "@tensorflow/tfjs-core";
import { LayerNorm, LayerNormGrad, runKernel } from "@tfblocks/tensor-utils/kernels";
import {
  checkGradients,
  expectClose,
  expectFlatResources,
  expectNewTensors,
  expectSameBits,
  fusedBackendNames,
  oddColumns,
  randomNumbers,
  randomTensor,
  rowsOf,
  use,
  useBackend,
} from "@tfblocks/testkit";
import { beforeAll, describe, expect, it } from "vitest";

const eps = 1e-5;
const affine = { hasWeight: true, hasBias: true, eps };
const tight = { atol: 2e-6, rtol: 2e-6 };

interface Case {
  readonly columns: number;
  readonly x: Float32Array;
  readonly weight: Float32Array;
  readonly bias: Float32Array;
  readonly dy: Float32Array;
}

function makeCase(rows: number, columns: number, mean = 0, spread = 1): Case {
  return {
    columns,
    x: randomNumbers(rows * columns, 1, spread, mean),
    weight: randomNumbers(columns, 2),
    bias: randomNumbers(columns, 3),
    dy: randomNumbers(rows * columns, 4),
  };
}

function statistics(row: readonly number[]): { mean: number; rstd: number } {
  const mean = row.reduce((sum, each) => sum + each, 0) / row.length;
  const variance = row.reduce((sum, each) => sum + (each - mean) ** 2, 0) / row.length;
  return { mean, rstd: 1 / Math.sqrt(variance + eps) };
}

/** y, mean, rstd and the gradients of x, weight and bias, in float64. */
function oracle({ columns, x, weight, bias, dy }: Case): Record<"y" | "mean" | "rstd" | "dx" | "dweight" | "dbias", Float64Array> {
  const result = { y: [], mean: [], rstd: [], dx: [] } as Record<string, number[]>;
  const [dweight, dbias] = [new Float64Array(columns), new Float64Array(columns)];
  const upstream = rowsOf(dy, columns);
  for (const [index, row] of rowsOf(x, columns).entries()) {
    const { mean, rstd } = statistics(row);
    const normal = row.map((each) => (each - mean) * rstd);
    const above = upstream[index]!;
    const g = above.map((each, column) => each * weight[column]!);
    const meanG = g.reduce((sum, each) => sum + each, 0) / columns;
    const meanProduct = g.reduce((sum, each, column) => sum + each * normal[column]!, 0) / columns;
    result["y"]!.push(...normal.map((each, column) => each * weight[column]! + bias[column]!));
    result["mean"]!.push(mean);
    result["rstd"]!.push(rstd);
    result["dx"]!.push(...g.map((each, column) => rstd * (each - meanG - normal[column]! * meanProduct)));
    above.forEach((each, column) => {
      dweight[column]! += each * normal[column]!;
      dbias[column]! += each;
    });
  }
  const float64 = (name: string) => Float64Array.from(result[name]!);
  return { y: float64("y"), mean: float64("mean"), rstd: float64("rstd"), dx: float64("dx"), dweight, dbias };
}

function runForward({ columns, x, weight, bias }: Case): Tensor[] {
  const rows = x.length / columns;
  return tidy(() => runKernel(LayerNorm, [tensor(x, [rows, columns]), tensor(weight), tensor(bias)], affine));
}

function runBackward({ columns, x, weight, dy }: Case, [, mean, rstd]: readonly Tensor[]): Tensor[] {
  const rows = x.length / columns;
  const inputs = () => [tensor(dy, [rows, columns]), tensor(x, [rows, columns]), tensor(weight), mean!, rstd!];
  return tidy(() => runKernel(LayerNormGrad, inputs(), affine));
}

async function expectOracle(given: Case, tolerance = tight): Promise<void> {
  const expected = oracle(given);
  const [rows, columns] = [given.x.length / given.columns, given.columns];
  const forward = use(runForward(given));
  await expectClose(forward[0]!, { shape: [rows, columns], data: expected.y }, tolerance, "y");
  await expectClose(forward[1]!, { shape: [rows], data: expected.mean }, tolerance, "mean");
  await expectClose(forward[2]!, { shape: [rows], data: expected.rstd }, tolerance, "rstd");
  const backward = use(runBackward(given, forward));
  const sums = { atol: tolerance.atol * Math.max(4, Math.sqrt(rows)), rtol: tolerance.rtol };
  await expectClose(backward[0]!, { shape: [rows, columns], data: expected.dx }, tolerance, "dx");
  await expectClose(backward[1]!, { shape: [columns], data: expected.dweight }, sums, "dweight");
  await expectClose(backward[2]!, { shape: [columns], data: expected.dbias }, sums, "dbias");
}

describe.each(fusedBackendNames.map((name) => [name]))("LayerNorm on %s", (backend) => {
  beforeAll(() => useBackend(backend));

  it.each(oddColumns.flatMap((columns) => [1, 5].map((rows) => [rows, columns] as const)))(
    "is within 2e-6 of float64 for %i rows of %i, backward too",
    (rows, columns) => expectOracle(makeCase(rows, columns), columns === 1 ? { atol: 1e-4, rtol: 1e-5 } : tight),
  );

  it("adds the gradients of weight and bias over many blocks of rows", () => expectOracle(makeCase(700, 20)));

  it("stays accurate for a mean of 1e4 and a standard deviation of 1", () => expectOracle(makeCase(6, 517, 1e4)));

  it("handles numbers of 1e18", () => expectOracle(makeCase(2, 40, 0, 1e18), { atol: 1e-5, rtol: 1e-5 }));

  it("sums long rows in blocks", () => expectOracle(makeCase(2, 20_001, 3)));
});

describe("LayerNorm", () => {
  beforeAll(() => useBackend(fusedBackendNames[0]!));

  it.each([
    [true, true],
    [true, false],
    [false, true],
    [false, false],
  ])("is differentiable by all inputs, weight: %s, bias: %s", async (hasWeight, hasBias) => {
    const shapes = [[2, 3, 7], ...(hasWeight ? [[7]] : []), ...(hasBias ? [[7]] : [])];
    const inputs = shapes.map((shape, index) => randomTensor(shape, index));
    await checkGradients((...at) => runKernel(LayerNorm, at, { hasWeight, hasBias, eps })[0]!, inputs);
  });

  it("gives the same bits on any number of threads", async () => {
    const given = makeCase(300, 129);
    const run = () => {
      const forward = runForward(given);
      return [...forward, ...runBackward(given, forward)];
    };
    await expectSameBits(run);
  });

  it("leaks no tensors, buffers or heap, also in gradients and when it throws", () => {
    const [x, weight, wrong] = [randomTensor([9, 33], 1), randomTensor([33], 2), randomTensor([32], 3)];
    expectFlatResources((index) => {
      const used = index % 3 === 0 ? wrong : weight;
      const loss = grads((at, by) => runKernel(LayerNorm, [at!, by!], { hasWeight: true, hasBias: false, eps })[0]!);
      for (const each of loss([x, used])) each.dispose();
    }, 300);
  });

  it("makes three new tensors, and none when it throws", async () => {
    const x = randomTensor([2, 5], 1);
    const weight = randomTensor([4], 1);
    const outputs = await expectNewTensors(() => runKernel(LayerNorm, [x], { hasWeight: false, hasBias: false, eps }), 3);
    for (const each of outputs) each.dispose();
    expect(() => runKernel(LayerNorm, [x, weight], { ...affine, hasBias: false })).toThrowErrorMatchingInlineSnapshot(
      `[ShapeError: LayerNorm: weight must be [5], got [4]]`,
    );
  });
});

describe("LayerNorm of unusual rows", () => {
  beforeAll(() => useBackend(fusedBackendNames[0]!));

  it("accepts zero rows, with gradients of 0 for weight and bias", () => {
    const [x, weight, row] = [use(zeros([0, 5])), use(ones([5])), use(zeros([0]))];
    const forward = use(runKernel(LayerNorm, [x, weight, weight], affine));
    expect(forward.map((each) => each.shape)).toEqual([[0, 5], [0], [0]]);
    const [dx, dweight, dbias] = use(runKernel(LayerNormGrad, [x, x, weight, row, row], affine));
    expect(dx!.shape).toEqual([0, 5]);
    expect([...dweight!.dataSync(), ...dbias!.dataSync()]).toEqual(Array.from({ length: 10 }, () => 0));
  });

  it("gives NaN only in rows that contain NaN", () => {
    const x = use(tensor([1, NaN, 3, 4, 5, 1, 2, 3, 4, 5], [2, 5]));
    const [y] = use(runKernel(LayerNorm, [x], { hasWeight: false, hasBias: false, eps }));
    expect(Array.from(y!.dataSync(), Number.isNaN)).toEqual(Array.from({ length: 10 }, (_, index) => index < 5));
  });

  it("gives the bias for a constant row", async () => {
    const x = use(
      tensor(
        Array.from({ length: 6 }, () => 1234.5),
        [1, 6],
      ),
    );
    const [y] = use(runKernel(LayerNorm, [x], { hasWeight: false, hasBias: false, eps }));
    await expectClose(y!, { shape: [1, 6], data: [0, 0, 0, 0, 0, 0] });
  });
});
