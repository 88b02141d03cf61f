import { broadcastTo, type Tensor, tensor, tile, zeros } from "@tensorflow/tfjs-core";
import { expectClose, expectFlatResources, expectNewTensors, randomTensor, startWasm, use } from "@tfblocks/testkit";
import { beforeAll, describe, expect, it } from "vitest";

const cases: [number[], number[]][] = [
  [[5], [1]],
  [[5], [3]],
  [[1], [1000]],
  [
    [3, 1],
    [1, 17],
  ],
  [
    [2, 3],
    [3, 2],
  ],
  [
    [1, 1, 7, 9],
    [2, 3, 1, 1],
  ],
  [
    [1, 1, 33, 40],
    [2, 3, 1, 1],
  ],
  [
    [2, 300],
    [2, 5],
  ],
  [
    [2, 1, 3, 1, 2, 1],
    [1, 2, 2, 3, 1, 2],
  ],
  [
    [3, 0],
    [2, 2],
  ],
  [
    [3, 2],
    [0, 2],
  ],
  [[], []],
];

/** Each element by its position modulo the shape. */
function oracle(data: ArrayLike<number>, shape: number[], reps: number[]) {
  const full = shape.map((size, axis) => size * reps[axis]!);
  const total = full.reduce((product, size) => product * size, 1);
  const place = (cell: number) => {
    let [rest, stride, at] = [cell, 1, 0];
    for (let axis = shape.length - 1; axis >= 0; axis--) {
      at += ((rest % full[axis]!) % shape[axis]!) * stride;
      stride *= shape[axis]!;
      rest = Math.floor(rest / full[axis]!);
    }
    return at;
  };
  return { shape: full, data: Array.from({ length: total }, (_, cell) => data[place(cell)]!) };
}

async function expectTiled(x: Tensor, reps: number[]): Promise<void> {
  const tiled = await expectNewTensors(() => tile(x, reps), 1);
  expect(tiled.dtype).toBe(x.dtype);
  await expectClose(tiled, oracle(await x.data(), x.shape, reps), { atol: 0, rtol: 0 });
}

describe.each([1, 2])("tile with %d threads", (threads) => {
  beforeAll(() => startWasm({ threads }));

  it.each(cases)("repeats %j by %j", (shape, reps) => expectTiled(randomTensor(shape, 1), reps));

  it("repeats integers and booleans", async () => {
    await expectTiled(use(tensor([1, -2, 3], [3, 1], "int32")), [2, 3]);
    await expectTiled(use(tensor([true, false, true], [3, 1], "bool")), [2, 300]);
  });

  it("is used by broadcastTo", async () => {
    const x = randomTensor([4, 1, 3], 2);
    await expectClose(broadcastTo(x, [2, 4, 5, 3]), oracle(await x.data(), [1, 4, 1, 3], [2, 1, 5, 1]), { atol: 0, rtol: 0 });
  });

  it("leaks nothing", () => {
    const x = use(zeros([3, 1, 40]));
    expectFlatResources(() => tile(x, [2, 30, 2]).dispose(), 100);
  });
});
