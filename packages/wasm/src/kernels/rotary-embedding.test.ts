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

/** cos and sin `[tables, length, pairs]` of random angles. */
function tables(count: number, length: number, pairs: number): { cos: Tensor; sin: Tensor } {
  const angles = randomNumbers(count * length * pairs, 7, 2);
  const shape: [number, number, number] = [count, length, pairs];
  return { cos: tensor(angles.map(Math.cos), shape), sin: tensor(angles.map(Math.sin), shape) };
}

function oracle(x: ArrayLike<number>, [batch, heads, length, headDim]: Shape, cos: Tensor, sin: Tensor, pairing: RotaryPairing): number[] {
  const [count, , pairs] = cos.shape as [number, number, number];
  const [cosines, sines] = [cos.dataSync(), sin.dataSync()];
  const y = Array.from(x);
  for (let row = 0; row < batch * heads * length; row++) {
    const table = (count === 1 ? 0 : Math.floor(row / (heads * length))) * length + (row % length);
    for (let pair = 0; pair < pairs; pair++) {
      const [c, s] = [cosines[table * pairs + pair]!, sines[table * pairs + pair]!];
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
    const { cos, sin } = use(tables(count, shape[2], pairs));
    const [y] = use(runKernel(RotaryEmbedding, { x, cos, sin }, { pairing, inverse: false }));
    await expectClose(y!, { shape, data: oracle(x.dataSync(), shape, cos, sin, pairing) }, { atol: 1e-6, rtol: 0 });
    const [back] = use(runKernel(RotaryEmbedding, { x: y!, cos, sin }, { pairing, inverse: true }));
    await expectClose(back!, x, { atol: 2e-6, rtol: 0 });
  });

  it("is differentiable in both directions", async () => {
    const x = randomTensor([2, 2, 3, 6], 1);
    const { cos, sin } = use(tables(2, 3, 2));
    for (const inverse of [false, true]) {
      await checkGradients((at) => runKernel(RotaryEmbedding, { x: at, cos, sin }, { pairing, inverse })[0]!, [x]);
    }
  });

  it("takes empty sequences", () => {
    const x = randomTensor([2, 2, 0, 6], 1);
    const { cos, sin } = use(tables(1, 0, 3));
    const [y] = use(runKernel(RotaryEmbedding, { x, cos, sin }, { pairing, inverse: false }));
    expect(y!.shape).toEqual([2, 2, 0, 6]);
  });

  it("gives the same bits on any number of threads", () =>
    expectSameBits(() => {
      const { cos, sin } = tables(2, 100, 17);
      return runKernel(RotaryEmbedding, { x: randomTensor([2, 8, 100, 40], 1), cos, sin }, { pairing, inverse: false });
    }));
});

describe("RotaryEmbedding", () => {
  beforeAll(() => useBackend(fusedBackendNames[0]!));

  it("rejects tables that do not fit, and leaks nothing", async () => {
    const x = randomTensor([2, 2, 3, 6], 1);
    const attrs = { pairing: "half", inverse: false } as const;
    const refused = (count: number, length: number, pairs: number) => {
      const { cos, sin } = tables(count, length, pairs);
      const call = () => runKernel(RotaryEmbedding, { x, cos, sin }, attrs);
      return { call, free: () => [cos, sin].forEach((each) => each.dispose()) };
    };
    for (const [count, length, pairs] of [
      [3, 3, 3],
      [1, 4, 3],
      [1, 3, 4],
    ] as const) {
      const { call, free } = refused(count, length, pairs);
      expect(call).toThrow("RotaryEmbedding: cos must be [2 or 1, 3, at most 3], got");
      free();
    }
  });
});
