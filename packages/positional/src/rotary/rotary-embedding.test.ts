import { add, concat, grad, mul, profile, slice, sum, type Tensor, tensor1d, tensor2d, zeros } from "@tensorflow/tfjs-core";
import "@tfblocks/tensor-utils/gradients";
import {
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
import * as fc from "fast-check";
import { beforeAll, describe, expect, it } from "vitest";
import { rotaryAngles } from "./rotary-angles.js";
import type { RotaryConfig } from "./rotary-config.js";
import { RotaryEmbedding } from "./rotary-embedding.js";

type Shape = readonly [batch: number, heads: number, length: number, headDim: number];

/** The rotation in float64 loops; `positions` are `[batch, length]`. */
async function oracle(x: Tensor, config: RotaryConfig, positions: readonly (readonly number[])[]) {
  const [, heads, length, headDim] = x.shape as unknown as Shape;
  const { rotaryDim = headDim, pairing = "half" } = config;
  const pairs = rotaryDim / 2;
  const { angles, attentionFactor } = rotaryAngles(config, positions.flat());
  const values = Array.from(await x.data());
  const data = [...values];
  for (let row = 0; row < values.length / headDim; row++) {
    const at = Math.floor(row / (heads * length)) * length + (row % length);
    for (let pair = 0; pair < pairs; pair++) {
      const angle = angles[at * pairs + pair]!;
      const first = row * headDim + (pairing === "half" ? pair : 2 * pair);
      const second = first + (pairing === "half" ? pairs : 1);
      data[first] = attentionFactor * (values[first]! * Math.cos(angle) - values[second]! * Math.sin(angle));
      data[second] = attentionFactor * (values[second]! * Math.cos(angle) + values[first]! * Math.sin(angle));
    }
  }
  return { shape: x.shape, data };
}

const consecutive = (length: number, offset = 0) => Array.from({ length }, (_, index) => offset + index);
const repeated = (batch: number, row: number[]) => Array.from({ length: batch }, () => row);
const pairings = ["half", "interleaved"] as const;
const tolerance = { atol: 2e-6, rtol: 0 };

describe.each(backendNames.map((name) => [name]))("RotaryEmbedding on %s", (backend) => {
  beforeAll(() => useBackend(backend));

  for (const pairing of pairings) {
    it.each<readonly [Shape, number, number]>([
      [[1, 1, 1, 2], 2, 0],
      [[2, 3, 5, 8], 8, 0],
      [[2, 3, 5, 8], 8, 100_000],
      [[3, 1, 4, 13], 6, 7],
      [[1, 2, 3, 10], 10, 2_000_000],
    ])(`rotates %j, with rotaryDim %i, from position %i, ${pairing}`, async (shape, rotaryDim, offset) => {
      const config = { headDim: shape[3], rotaryDim, pairing };
      const x = randomTensor(shape, 1);
      const y = await expectNewTensors(() => new RotaryEmbedding(config).apply(x, { offset }), 1);
      await expectClose(y, await oracle(x, config, repeated(shape[0], consecutive(shape[2], offset))), tolerance);
    });

    it(`rotates each row of a batch by its own positions, ${pairing}`, async () => {
      const config = { headDim: 6, pairing, scaling: { type: "yarn", factor: 4, originalMaxLength: 8 } } as const;
      const [x, rows] = [
        randomTensor([2, 2, 4, 6], 1),
        [
          [0, 1, 0, 1],
          [0, 0, 0, 9],
        ],
      ];
      const positions = use(tensor2d(rows, [2, 4], "int32"));
      const y = await expectNewTensors(() => new RotaryEmbedding(config).apply(x, { positions }), 1);
      await expectClose(y, await oracle(x, config, rows), tolerance);
    });
  }

  it("confines a NaN to its pair", async () => {
    const x = use(() => add(zeros([1, 1, 2, 6]), 1));
    const withNaN = use(() => concat([slice(x, [0, 0, 0, 0], [1, 1, 2, 5]), mul(slice(x, [0, 0, 0, 5], [1, 1, 2, 1]), NaN)], 3));
    const [half, interleaved] = use(pairings.map((pairing) => new RotaryEmbedding({ headDim: 6, pairing }).apply(withNaN)));
    const columnsWithNaN = async (y: Tensor) => [...(await y.data())].flatMap((value, at) => (Number.isNaN(value) ? [at % 6] : []));
    expect(await columnsWithNaN(half!)).toEqual([2, 5, 2, 5]);
    expect(await columnsWithNaN(interleaved!)).toEqual([4, 5, 4, 5]);
  });
});

describe.each(backendNames.map((name) => [name]))("the gradient of RotaryEmbedding on %s", (backend) => {
  beforeAll(() => useBackend(backend));

  for (const pairing of pairings) {
    it(`has any order, also with scaling and a partial rotation, ${pairing}`, async () => {
      const scaling = { type: "yarn", factor: 4, originalMaxLength: 8 } as const;
      const rotary = new RotaryEmbedding({ headDim: 7, rotaryDim: 4, pairing, scaling });
      const x = randomTensor([2, 2, 3, 7], 1);
      const cube = (at: Tensor) => {
        const y = use(rotary.apply(at, { offset: 5 }));
        return sum(use(() => mul(mul(y, y), y))) as Tensor;
      };
      await checkGradients((at) => rotary.apply(at!, { offset: 5 }), [x]);
      await checkGradients((at) => grad(cube)(at!), [x], { tolerance: 5e-3 });
    });
  }

  it("rotates back", async () => {
    const rotary = new RotaryEmbedding({ headDim: 8 });
    const x = randomTensor([2, 2, 3, 8], 1);
    const y = use(rotary.apply(x, { offset: 11 }));
    const back = await expectNewTensors(() => grad((at: Tensor) => rotary.apply(at, { offset: 11 }))(x, y), 1);
    await expectClose(back, x, tolerance);
  });

  it.each([[[0, 2, 3, 4]], [[2, 2, 0, 4]], [[2, 0, 3, 4]]])("is empty for an empty %j", async (shape) => {
    const rotary = new RotaryEmbedding({ headDim: 4 });
    const x = use(zeros(shape as [number, number, number, number]));
    const y = await expectNewTensors(() => rotary.apply(x), 1);
    expect(y.shape).toEqual(shape);
    expect(use(grad((at: Tensor) => rotary.apply(at))(x, y)).shape).toEqual(shape);
  });
});

describe.each(backendNames.map((name) => [name]))("a call of RotaryEmbedding on %s", (backend) => {
  beforeAll(() => useBackend(backend));

  it("runs the kernel if the backend has one", async () => {
    const x = randomTensor([1, 1, 2, 4], 1);
    const { kernelNames } = use(await profile(() => new RotaryEmbedding({ headDim: 4 }).apply(x)));
    expect(kernelNames.includes("RotaryEmbedding")).toBe(backend.startsWith("wasm fused"));
  });

  it("leaks nothing, even after errors", async () => {
    const [x, wrong] = [randomTensor([2, 2, 3, 8], 1), randomTensor([2, 2, 3, 6], 1)];
    const rotary = new RotaryEmbedding({ headDim: 8, rotaryDim: 4 });
    const call = (index: number) => rotary.apply(index % 3 === 2 ? wrong : x, { offset: index % 2 }).dispose();
    if (countsMemory(backend)) expectFlatResources(call);
    else call(0);
  });
});

const sizes = fc.record({ offset: fc.nat(5000), shift: fc.nat(100_000), pairing: fc.constantFrom(...pairings) });

describe("RotaryEmbedding", () => {
  beforeAll(() => useBackend("cpu"));

  it("makes products of queries and keys depend only on their distance", () =>
    fc.assert(
      fc.asyncProperty(sizes, async ({ offset, shift, pairing }) => {
        const rotary = new RotaryEmbedding({ headDim: 8, pairing });
        const [query, key] = [randomTensor([1, 1, 1, 8], 1), randomTensor([1, 1, 1, 8], 2)];
        const product = async (by: number) => {
          const score = use(() => sum(mul(rotary.apply(query, { offset: offset + by }), rotary.apply(key, { offset: by }))));
          return (await score.data())[0]!;
        };
        expect(Math.abs((await product(0)) - (await product(shift)))).toBeLessThan(5e-6);
      }),
      { numRuns: 30 },
    ));

  it("gives a slice of the full result from an offset, as with a cache", async () => {
    const rotary = new RotaryEmbedding({ headDim: 6, scaling: { type: "linear", factor: 3 } });
    const x = randomTensor([2, 3, 7, 6], 1);
    const whole = use(rotary.apply(x));
    const tail = use(rotary.apply(use(slice(x, [0, 0, 4, 0], [2, 3, 3, 6])), { offset: 4 }));
    await expectClose(tail, slice(whole, [0, 0, 4, 0], [2, 3, 3, 6]), { atol: 0, rtol: 0 });
  });

  it("rotates interleaved dimensions like the halves of a permuted input", async () => {
    const x = randomTensor([2, 2, 5, 8], 1);
    const permuted = use(concat(use([0, 2, 4, 6, 1, 3, 5, 7].map((at) => slice(x, [0, 0, 0, at], [2, 2, 5, 1]))), 3));
    const halves = use(new RotaryEmbedding({ headDim: 8 }).apply(permuted));
    const back = use(concat(use([0, 4, 1, 5, 2, 6, 3, 7].map((at) => slice(halves, [0, 0, 0, at], [2, 2, 5, 1]))), 3));
    await expectClose(new RotaryEmbedding({ headDim: 8, pairing: "interleaved" }).apply(x), back, { atol: 0, rtol: 0 });
  });
});

describe("the angles of RotaryEmbedding", () => {
  beforeAll(() => useBackend("cpu"));

  it("are computed for the length of each call", async () => {
    const scaling = { type: "dynamic", factor: 2, originalMaxLength: 4 } as const;
    const rotary = new RotaryEmbedding({ headDim: 8, scaling });
    for (const length of [3, 9, 4]) {
      const x = randomTensor([1, 1, length, 8], 1);
      await expectClose(rotary.apply(x), await oracle(x, { headDim: 8, scaling }, [consecutive(length)]), tolerance);
    }
  });

  it("are replaced when positions change", async () => {
    const rotary = new RotaryEmbedding({ headDim: 4 });
    const x = randomTensor([2, 1, 2, 4], 1);
    const rows = [
      [0, 1],
      [1, 0],
    ];
    const shared = use(rotary.apply(x, { positions: use(tensor1d([0, 1], "int32")) }));
    const own = use(rotary.apply(x, { positions: use(tensor2d(rows, [2, 2], "int32")) }));
    const again = use(rotary.apply(x));
    await expectClose(own, await oracle(x, { headDim: 4 }, rows), tolerance);
    await expectClose(again, shared, { atol: 0, rtol: 0 });
  });
});
