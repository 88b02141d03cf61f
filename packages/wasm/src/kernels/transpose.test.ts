import { tensor, tidy, transpose, zeros } from "@tensorflow/tfjs-core";
import { checkGradients, expectNewTensors, expectSameBits, fusedBackendNames, randomTensor, use, useBackend } from "@tfblocks/testkit";
import { beforeAll, describe, expect, it } from "vitest";

/** Transposes one number at a time. */
function oracle(x: ArrayLike<number>, shape: readonly number[], axes: readonly number[]): number[] {
  const strides = shape.map((_, axis) => shape.slice(axis + 1).reduce((product, size) => product * size, 1));
  const walk = (depth: number, at: number): number[] =>
    depth === axes.length
      ? [x[at]!]
      : Array.from({ length: shape[axes[depth]!]! }, (_, index) => walk(depth + 1, at + index * strides[axes[depth]!]!)).flat();
  return walk(0, 0);
}

function permutations(rank: number): number[][] {
  if (rank === 0) return [[]];
  return permutations(rank - 1).flatMap((rest) => Array.from({ length: rank }, (_, at) => rest.toSpliced(at, 0, rank - 1)));
}

const shapes = [[5], [3, 7], [8, 12], [33, 17], [2, 3, 5], [4, 1, 9], [2, 3, 4, 5], [1, 6, 1, 5], [2, 3, 1, 4, 5], [2, 3, 2, 2, 3, 4]];

const emptyCases = [
  [
    [0, 3],
    [1, 0],
  ],
  [
    [2, 0, 4],
    [2, 0, 1],
  ],
  [
    [2, 3, 0, 4],
    [0, 2, 1, 3],
  ],
];

describe("transpose", () => {
  beforeAll(() => useBackend(fusedBackendNames[0]!));

  it.each(shapes.map((shape) => [shape]))("permutes %j in every way", (shape) => {
    const x = randomTensor(shape, 1);
    for (const axes of permutations(shape.length)) {
      const y = use(transpose(x, axes));
      expect(y.shape).toEqual(axes.map((axis) => shape[axis]));
      expect(Array.from(y.dataSync()), `axes ${axes.join(" ")}`).toEqual(oracle(x.dataSync(), shape, axes));
    }
  });

  it("permutes integers, booleans and more than six dimensions that cannot be merged", () => {
    const shape = [2, 1, 3, 2];
    const numbers = Array.from({ length: 12 }, (_, index) => index % 5);
    for (const dtype of ["int32", "bool"] as const) {
      const x = use(tensor(numbers, shape as [number, number, number, number], dtype));
      const y = use(transpose(x, [3, 0, 2, 1]));
      expect([...y.dataSync()]).toEqual(oracle(x.dataSync(), shape, [3, 0, 2, 1]));
    }
  });

  it.each(emptyCases)("permutes the empty %j by %j", async (shape, axes) => {
    const x = use(zeros(shape as [number]));
    const y = await expectNewTensors(() => transpose(x, axes), 1);
    expect(y.shape).toEqual(axes.map((axis) => shape[axis]));
  });

  it("is differentiable", async () => {
    const x = randomTensor([2, 3, 4, 5], 1);
    await checkGradients((at) => transpose(at, [0, 2, 1, 3]), [x]);
    await checkGradients((at) => transpose(at, [3, 1, 0, 2]), [x]);
  });

  it("gives the same bits on any number of threads", () =>
    expectSameBits(() => {
      const x = randomTensor([7, 65, 9, 61], 1);
      return tidy(() => [transpose(x, [0, 2, 1, 3]), transpose(x, [0, 1, 3, 2]), transpose(x)]);
    }));
});
