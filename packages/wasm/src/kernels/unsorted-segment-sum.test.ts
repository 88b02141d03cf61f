import { setBackend, tensor, tensor1d, type Tensor1D, unsortedSegmentSum, zeros } from "@tensorflow/tfjs-core";
import { expectClose, expectFlatResources, randomTensor, startWasm, useBackend, use } from "@tfblocks/testkit";
import { beforeAll, describe, expect, it } from "vitest";

/** Ids from -2 to numSegments + 1, in which the first is frequent. */
const idsFor = (rows: number, numSegments: number) =>
  Int32Array.from({ length: rows }, (_, row) => (row % 3 === 0 ? 0 : ((row * 7919) % (numSegments + 4)) - 2));

const cases: [number[], number][] = [
  [[5], 3],
  [[1, 1], 1],
  [[7, 3], 5],
  [[9, 2, 5], 4],
  [[40, 129], 6],
  [[33, 200], 700],
  [[100, 64], 3000],
  [[6, 3], 0],
  [[0, 3], 4],
  [[4, 0], 3],
];

/** Sums in plain loops. */
function sums(x: ArrayLike<number>, ids: Int32Array, columns: number, numSegments: number): Float64Array {
  const total = new Float64Array(numSegments * columns);
  ids.forEach((id, row) => {
    if (id < 0 || id >= numSegments) return;
    for (let column = 0; column < columns; column++) total[id * columns + column]! += x[row * columns + column]!;
  });
  return total;
}

async function summed(shape: number[], numSegments: number, threads: number): Promise<Float32Array> {
  await startWasm({ threads });
  const [x, ids] = [randomTensor(shape, 1), use(tensor1d(idsFor(shape[0]!, numSegments), "int32"))];
  const result = use(unsortedSegmentSum(x, ids, numSegments));
  const data = (await result.data()) as Float32Array;
  for (const each of [x, ids, result]) each.dispose();
  return data;
}

describe("unsortedSegmentSum on the WASM backend of tfjs", () => {
  it("does not exist", async () => {
    await startWasm({ threads: 1, kernels: "off" });
    expect(() => unsortedSegmentSum(use(zeros([2, 2])), use(tensor1d([0, 1], "int32")), 2)).toThrow(
      "Kernel 'UnsortedSegmentSum' not registered",
    );
  });
});

describe("unsortedSegmentSum", () => {
  beforeAll(() => startWasm({ threads: 2 }));

  it.each(cases)("sums rows of %j into %d segments, and ignores ids outside", async (shape, numSegments) => {
    const [x, ids] = [randomTensor(shape, 1), idsFor(shape[0]!, numSegments)];
    const columns = shape.slice(1).reduce((product, size) => product * size, 1);
    const result = use(() => unsortedSegmentSum(x, tensor1d(ids, "int32"), numSegments));
    await expectClose(result, { shape: [numSegments, ...shape.slice(1)], data: sums(await x.data(), ids, columns, numSegments) });
  });

  it("agrees with the CPU backend", async () => {
    const compute = () => unsortedSegmentSum(randomTensor([9, 5], 2), use(tensor1d(idsFor(9, 4), "int32")), 4);
    const result = use(compute());
    const data = { shape: result.shape, data: await result.data() };
    await useBackend("cpu");
    await expectClose(compute(), data);
    await setBackend("wasm");
  });

  it("ignores the smallest and the largest ids", async () => {
    const ids = use(tensor1d([-(2 ** 31), 2 ** 31 - 1, 2, -1, 0], "int32"));
    await expectClose(unsortedSegmentSum(use(tensor([1, 2, 4, 8, 16])), ids, 3), { shape: [3], data: [16, 0, 4] });
  });

  it("sums integers", async () => {
    await expectClose(unsortedSegmentSum(use(tensor([1, 2, 4], [3], "int32")), use(tensor1d([1, 1, 0], "int32")), 2), {
      shape: [2],
      data: [4, 3],
    });
  });

  it("gives the same bits with one and two threads", async () => {
    const alone = await summed([500, 300], 2000, 1);
    expect(await summed([500, 300], 2000, 2)).toEqual(alone);
  });

  it("rejects ids whose number differs from the rows", () => {
    const ids = (shape: number[]) => zeros(shape as [number], "int32") as Tensor1D;
    expect(() => unsortedSegmentSum(use(zeros([3, 2])), use(ids([2])), 2)).toThrow("segmentIds must be [3]: an id for each row of x, got");
    expect(() => unsortedSegmentSum(use(zeros([3, 2])), use(ids([3, 2])), 2)).toThrow(
      "segmentIds must be [3]: an id for each row of x, got",
    );
  });

  it("leaks nothing, also when it throws", () => {
    const [x, ids, one] = [randomTensor([20, 150], 1), use(tensor1d(idsFor(20, 5), "int32")), use(tensor1d([0], "int32"))];
    expectFlatResources((index) => unsortedSegmentSum(x, index % 3 === 2 ? one : ids, 5).dispose(), 100);
  });
});
