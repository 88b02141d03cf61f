import { type Tensor, tensor, tidy, zeros } from "@tensorflow/tfjs-core";
import { RMSNorm, type RMSNormAttrs, RMSNormGrad, runKernel } from "@tfblocks/tensor-utils/kernels";
import {
  checkGradients,
  expectClose,
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

const eps = 1e-6;
const tight = { atol: 2e-6, rtol: 2e-6 };

interface Case {
  readonly rows: number;
  readonly columns: number;
  readonly x: Float32Array;
  readonly weight: Float32Array;
  readonly dy: Float32Array;
}

function makeCase(rows: number, columns: number): Case {
  const [x, weight, dy] = [randomNumbers(rows * columns, 1), randomNumbers(columns, 2), randomNumbers(rows * columns, 3)];
  return { rows, columns, x, weight, dy };
}

function run({ rows, columns, x, weight, dy }: Case, attrs: RMSNormAttrs): Tensor[] {
  return tidy(() => {
    const [input, upstream] = [tensor(x, [rows, columns]), tensor(dy, [rows, columns])];
    const weights = attrs.hasWeight ? [tensor(weight)] : [];
    const [y, rstd] = runKernel(RMSNorm, [input, ...weights], attrs);
    return [y!, rstd!, ...runKernel(RMSNormGrad, [upstream, input, ...weights, rstd!], attrs)];
  });
}

/** y, rstd, dx and dweight, in float64. */
function oracle({ columns, x, weight, dy }: Case, { hasWeight, weightOffset }: RMSNormAttrs): number[][] {
  const factors = Array.from(weight, (each) => (hasWeight ? each + weightOffset : 1));
  const upstream = rowsOf(dy, columns);
  const dweight = Array.from({ length: columns }, () => 0);
  const rows = rowsOf(x, columns).map((row, index) => {
    const rstd = 1 / Math.sqrt(row.reduce((sum, each) => sum + each * each, 0) / columns + eps);
    const normal = row.map((each) => each * rstd);
    const g = upstream[index]!.map((each, column) => each * factors[column]!);
    const product = g.reduce((sum, each, column) => sum + each * normal[column]!, 0) / columns;
    upstream[index]!.forEach((each, column) => (dweight[column]! += each * normal[column]!));
    return {
      y: normal.map((each, column) => each * factors[column]!),
      rstd,
      dx: g.map((each, column) => rstd * (each - normal[column]! * product)),
    };
  });
  return [rows.flatMap(({ y }) => y), rows.map(({ rstd }) => rstd), rows.flatMap(({ dx }) => dx), ...(hasWeight ? [dweight] : [])];
}

const variants: readonly RMSNormAttrs[] = [
  { hasWeight: true, weightOffset: 0, eps },
  { hasWeight: true, weightOffset: 1, eps },
  { hasWeight: false, weightOffset: 0, eps },
];

describe.each(fusedBackendNames.map((name) => [name]))("RMSNorm on %s", (backend) => {
  beforeAll(() => useBackend(backend));

  it.each(oddColumns.flatMap((columns) => [1, 5, 130].map((rows) => [rows, columns] as const)))(
    "is within 2e-6 of float64 for %i rows of %i, backward too",
    async (rows, columns) => {
      for (const attrs of variants) {
        const given = makeCase(rows, columns);
        const expected = oracle(given, attrs);
        const actual = run(given, attrs);
        const tolerance = columns === 1 ? { atol: 1e-4, rtol: 1e-5 } : tight;
        for (const [index, each] of actual.entries()) {
          const sum = index === 3 ? { ...tolerance, atol: 2e-5 } : tolerance;
          await expectClose(each, { shape: each.shape, data: expected[index]! }, sum, ["y", "rstd", "dx", "dweight"][index]);
          each.dispose();
        }
      }
    },
  );
});

describe("RMSNorm", () => {
  beforeAll(() => useBackend(fusedBackendNames[0]!));

  it.each(variants.map((attrs) => [attrs]))("is differentiable with %j", async (attrs) => {
    const inputs = [randomTensor([2, 3, 7], 1), ...(attrs.hasWeight ? [randomTensor([7], 2)] : [])];
    await checkGradients((...at) => runKernel(RMSNorm, at, attrs)[0]!, inputs);
  });

  it("accepts zero rows, and gives NaN only in rows that contain NaN", () => {
    const [none, some] = [use(zeros([0, 3])), use(tensor([1, NaN, 3, 4], [2, 2]))];
    const outputs = use([none, some].flatMap((x) => runKernel(RMSNorm, [x], variants[2]!)));
    expect(outputs[0]!.shape).toEqual([0, 3]);
    expect(Array.from(outputs[2]!.dataSync(), Number.isNaN)).toEqual([true, true, false, false]);
  });

  it("gives the same bits on any number of threads", () => expectSameBits(() => run(makeCase(300, 131), variants[1]!)));

  it("rejects sizes that disagree, and leaks nothing", async () => {
    const [x, weight] = [randomTensor([2, 5], 1), randomTensor([4], 1)];
    expect(() => runKernel(RMSNorm, [x, weight], variants[0]!)).toThrowErrorMatchingInlineSnapshot(
      `[ShapeError: RMSNorm: weight must be [5], got [4]]`,
    );
    expect(() => runKernel(RMSNormGrad, [x, x, weight, weight], variants[0]!)).toThrowErrorMatchingInlineSnapshot(
      `[ShapeError: RMSNormGrad: weight must be [5], got [4]]`,
    );
  });
});
