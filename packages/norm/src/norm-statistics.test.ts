import { tensor, zeros } from "@tensorflow/tfjs-core";
import "@tfblocks/tensor-utils/gradients";
import {
  backendNames,
  checkGradients,
  expectClose,
  expectNewTensors,
  randomNumbers,
  randomTensor,
  rowsOf,
  useBackend,
  use,
} from "@tfblocks/testkit";
import { beforeAll, describe, expect, it } from "vitest";
import { normStatistics } from "./norm-statistics.js";

function oracle(row: readonly number[]): { mean: number; variance: number; meanSquare: number } {
  const average = (values: readonly number[]) => values.reduce((sum, each) => sum + each, 0) / values.length;
  const mean = average(row);
  return { mean, variance: average(row.map((each) => (each - mean) ** 2)), meanSquare: average(row.map((each) => each ** 2)) };
}

describe.each(backendNames.map((name) => [name]))("normStatistics on %s", (backend) => {
  beforeAll(() => useBackend(backend));

  it.each([
    [0, 1],
    [1e4, 1],
    [-3, 100],
  ])("gives mean, variance and mean square of rows with mean %d and standard deviation %d", async (mean, spread) => {
    const numbers = randomNumbers(2 * 3 * 117, 1, spread, mean);
    const expected = rowsOf(numbers, 117).map(oracle);
    const actual = use(normStatistics(use(tensor(numbers, [2, 3, 117]))));
    for (const name of ["mean", "variance", "meanSquare"] as const) {
      await expectClose(actual[name], { shape: [2, 3], data: expected.map((each) => each[name]) }, { atol: 1e-5, rtol: 1e-5 }, name);
    }
  });

  it.each(["mean", "variance", "meanSquare"] as const)("has the gradient of finite differences for %s", (name) =>
    checkGradients((x) => normStatistics(x!)[name], [randomTensor([3, 5], 1)]),
  );

  it("gives empty statistics without rows, and NaN for rows without features", async () => {
    expect(use(normStatistics(use(zeros([2, 0, 5])))).variance.shape).toEqual([2, 0]);
    expect(Array.from(await use(normStatistics(use(zeros([2, 0])))).mean.data())).toEqual([NaN, NaN]);
  });

  it("leaves three new tensors, which the caller owns", async () => {
    const x = randomTensor([2, 5], 1);
    await expectNewTensors(() => normStatistics(x), 3);
  });
});
