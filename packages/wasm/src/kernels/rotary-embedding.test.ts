import { type Tensor, tensor } from "@tensorflow/tfjs-core";
import { RotaryEmbedding, type RotaryPairing, runKernel } from "@tfblocks/tensor-utils/kernels";
import {
  checkGradients,
  expectClose,
  expectSameBits,
  fusedBackendNames,
  randomNumbers,
  randomTensor,
  use,
  useBackend,
} from "@tfblocks/testkit";
import { beforeAll, describe, expect, it } from "vitest";

type Shape = readonly [batch: number, heads: number, length: number, headDim: number];

/** cos and sin of random angles. */
function tablesOf(count: number, length: number, pairs: number): { cos: Tensor; sin: Tensor } {
  const angles = randomNumbers(count * length * pairs, 7, 2);
  const table = (of: (angle: number) => number) => use(tensor(Float32Array.from(angles, of), [count, length, pairs]));
  return { cos: table(Math.cos), sin: table(Math.sin) };
}

type Tables = ReturnType<typeof tablesOf>;

function oracle(x: ArrayLike<number>, [batch, heads, length, headDim]: Shape, tables: Tables, pairing: RotaryPairing): number[] {
  const [cos, sin] = [tables.cos.dataSync(), tables.sin.dataSync()];
  const [count, , pairs] = tables.cos.shape as [number, number, number];
  const y = Array.from(x);
  for (let row = 0; row < batch * heads * length; row++) {
    const table = (count === 1 ? 0 : Math.floor(row / (heads * length))) * length + (row % length);
    for (let pair = 0; pair < pairs; pair++) {
      const [c, s] = [cos[table * pairs + pair]!, sin[table * pairs + pair]!];
      const first = row * headDim + (pairing === "half" ? pair : 2 * pair);
      const second = first + (pairing === "half" ? pairs : 1);
      y[first] = x[first]! * c - x[second]! * s;
      y[second] = x[second]! * c + x[first]! * s;
    }
  }
  return y;
}

const pairings: readonly RotaryPairing[] = ["half", "interleaved"];

describe.each(pairings)("RotaryEmbedding of pairing %s", (pairing) => {
  beforeAll(() => useBackend(fusedBackendNames[0]!));

  it.each([
    [[1, 1, 1, 2], 1, 1],
    [[2, 3, 5, 8], 1, 4],
    [[2, 3, 5, 8], 2, 4],
    [[1, 2, 3, 13], 1, 3],
    [[3, 1, 4, 64], 3, 16],
    [[2, 2, 3, 10], 2, 5],
    [[1, 1, 2, 7], 1, 0],
  ] as const)("rotates %j with %i tables of %i pairs as in float64", async (shape, count, pairs) => {
    const x = randomTensor(shape, 1);
    const tables = tablesOf(count, shape[2], pairs);
    const [y] = use(runKernel(RotaryEmbedding, { x, ...tables }, { pairing, inverse: false }));
    await expectClose(y!, { shape, data: oracle(x.dataSync(), shape, tables, pairing) }, { atol: 1e-6, rtol: 0 });
    const [back] = use(runKernel(RotaryEmbedding, { x: y!, ...tables }, { pairing, inverse: true }));
    await expectClose(back!, x, { atol: 2e-6, rtol: 0 });
  });

  it("is differentiable in both directions", async () => {
    const x = randomTensor([2, 2, 3, 6], 1);
    const tables = tablesOf(2, 3, 2);
    for (const inverse of [false, true]) {
      await checkGradients((at) => runKernel(RotaryEmbedding, { x: at, ...tables }, { pairing, inverse })[0]!, [x]);
    }
  });

  it("takes empty sequences", () => {
    const x = randomTensor([2, 2, 0, 6], 1);
    const [y] = use(runKernel(RotaryEmbedding, { x, ...tablesOf(1, 0, 3) }, { pairing, inverse: false }));
    expect(y!.shape).toEqual([2, 2, 0, 6]);
  });

  it("gives the same bits on any number of threads", () =>
    expectSameBits(() => {
      const x = randomTensor([2, 8, 100, 40], 1);
      return runKernel(RotaryEmbedding, { x, ...tablesOf(2, 100, 17) }, { pairing, inverse: false });
    }));
});

describe("RotaryEmbedding", () => {
  beforeAll(() => useBackend(fusedBackendNames[0]!));

  it("rejects tables that do not fit, and leaks nothing", () => {
    const x = randomTensor([2, 2, 3, 6], 1);
    const rotate = (tables: Tables) => () => runKernel(RotaryEmbedding, { x, ...tables }, { pairing: "half", inverse: false });
    for (const tables of [tablesOf(3, 3, 3), tablesOf(1, 4, 3), tablesOf(1, 3, 4)]) {
      expect(rotate(tables)).toThrow("RotaryEmbedding: cos must be [2 or 1, 3, at most 3], got");
    }
    const { sin } = tablesOf(2, 3, 3);
    expect(rotate({ ...tablesOf(1, 3, 3), sin })).toThrow("RotaryEmbedding: sin must be [1, 3, 3], got [2, 3, 3]");
  });
});
