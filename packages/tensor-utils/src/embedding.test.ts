import { grad, mul, sum, type Tensor, tensor, tensor1d, tidy, zeros } from "@tensorflow/tfjs-core";
import "@tfblocks/tensor-utils/gradients";
import {
  type BackendName,
  backendNames,
  countsMemory,
  checkGradients,
  expectClose,
  expectFlatResources,
  expectNewTensors,
  randomTensor,
  useBackend,
  use,
} from "@tfblocks/testkit";
import { beforeAll, describe, expect, it } from "vitest";
import { embedding } from "./embedding.js";

const ids = (values: number[], shape: number[] = [values.length]) => tensor(values, shape as [number], "int32");

/** Rows of a table, and the sum of upstream rows by id, in plain loops. */
const rowsOf = (table: ArrayLike<number>, at: number[], dModel: number) =>
  at.flatMap((id) => Array.from({ length: dModel }, (_, axis) => table[id * dModel + axis]!));
const sumsOf = (rows: ArrayLike<number>, at: number[], vocabSize: number, dModel: number) =>
  Array.from({ length: vocabSize * dModel }, (_, cell) =>
    at.reduce((total, id, row) => total + (id === Math.floor(cell / dModel) ? rows[row * dModel + (cell % dModel)]! : 0), 0),
  );

function describeEmbedding(backend: BackendName): void {
  describe(`embedding on ${backend}`, () => {
    beforeAll(() => useBackend(backend));

    it.each([[[]], [[1]], [[6]], [[2, 3]], [[1, 6, 1]], [[3, 1, 2, 1]]])("looks up ids of shape %j", async (shape) => {
      const table = randomTensor([5, 3], 1);
      const at = [4, 0, 2, 2, 1, 4].slice(
        0,
        shape.reduce((product, size) => product * size, 1),
      );
      const indices = use(ids(at, shape));
      const rows = await expectNewTensors(() => embedding(table, indices), 1);
      await expectClose(rows, { shape: [...shape, 3], data: rowsOf(await table.data(), at, 3) }, { atol: 0, rtol: 0 });
    });
  });
}

function describeGradients(backend: BackendName): void {
  describe(`gradients of embedding on ${backend}`, () => {
    beforeAll(() => useBackend(backend));

    // Stock tf.gather throws here on WASM: "Kernel 'UnsortedSegmentSum' not registered".
    it("sums the gradients of repeated ids, and gives 0 for absent ids", async () => {
      const at = [4, 0, 2, 2, 4, 4];
      const [indices, upstream] = [use(ids(at, [2, 3])), randomTensor([2, 3, 4], 2)];
      const gradient = use(grad((table) => embedding(table, indices))(randomTensor([6, 4], 1), upstream));
      await expectClose(gradient, { shape: [6, 4], data: sumsOf(await upstream.data(), at, 6, 4) });
    });

    it("has second and third derivatives", async () => {
      const indices = use(ids([1, 1, 0, 3]));
      const power = (degree: number) => (table: Tensor) => {
        const rows = use(embedding(table, indices));
        return sum(degree === 2 ? use(mul(rows, rows)) : use(() => mul(mul(rows, rows), rows))) as Tensor;
      };
      const table = randomTensor([4, 2], 1);
      await checkGradients((at) => embedding(at, indices), [table]);
      await checkGradients((at) => grad(power(2))(at), [table]);
      await checkGradients((at) => grad((inner: Tensor) => sum(grad(power(3))(inner)) as Tensor)(at), [table]);
    });

    it("keeps the ids for the gradient when a scope inside the loss frees them", async () => {
      const table = randomTensor([4, 2], 1);
      const gradient = use(grad((at: Tensor) => tidy(() => sum(embedding(at, ids([3, 3]))) as Tensor))(table));
      await expectClose(gradient, { shape: [4, 2], data: [0, 0, 0, 0, 0, 0, 2, 2] });
    });
  });
}

function describeEdgeCases(backend: BackendName): void {
  describe(`edge cases of embedding on ${backend}`, () => {
    beforeAll(() => useBackend(backend));

    it.each([
      [[0], [4, 2]],
      [
        [2, 0, 3],
        [4, 2],
      ],
      [[2], [4, 0]],
      [[0], [0, 2]],
    ])("supports ids of shape %j with a table of shape %j", async (shape, tableShape) => {
      const [table, indices] = [use(zeros(tableShape as [number, number])), use(zeros(shape as [number], "int32"))];
      const rows = use(embedding(table, indices));
      expect(rows.shape).toEqual([...shape, tableShape[1]]);
      const gradient = use(grad((at: Tensor) => embedding(at, indices))(table, rows));
      await expectClose(gradient, { shape: tableShape, data: new Float32Array(table.size) });
    });

    it("does not leak, including the backward pass", async () => {
      const [table, indices] = [randomTensor([4, 2], 1), use(ids([3, 3]))];
      const step = () => grad((at: Tensor) => sum(embedding(at, indices)) as Tensor)(table).dispose();
      await expectNewTensors(step);
      if (countsMemory(backend)) expectFlatResources(step);
    });
  });
}

for (const backend of backendNames) {
  describeEmbedding(backend);
  describeGradients(backend);
  describeEdgeCases(backend);
}

describe.each(["cpu", "wasm"] as const)("invalid arguments of embedding on %s", (backend) => {
  beforeAll(() => useBackend(backend));

  it("names ids outside the table", () => {
    expect(() => embedding(use(zeros([5, 2])), use(ids([0, 5])))).toThrow("embedding: ids must be from 0 to 4 (vocabSize - 1), got 5");
    expect(() => embedding(use(zeros([5, 2])), use(ids([-1])))).toThrow("embedding: ids must be from 0 to 4 (vocabSize - 1), got -1");
    expect(() => embedding(use(zeros([0, 2])), use(ids([0])))).toThrowErrorMatchingInlineSnapshot(
      `[ValueError: embedding: ids must be from 0 to -1 (vocabSize - 1), got 0]`,
    );
  });

  it("rejects ids that are not int32 and a table that is not float32", () => {
    expect(() => embedding(use(zeros([5, 2])), use(tensor1d([1])))).toThrow("embedding: ids must be an int32 tensor, got float32 [1]");
    expect(() => embedding(use(zeros([5, 2], "int32")), use(ids([1])))).toThrow(
      "embedding: table must be a float32 tensor, got int32 [5, 2]",
    );
    expect(() => embedding(use(zeros([5])), use(ids([1])))).toThrow("embedding: table must be [vocabSize, dModel], got [5]");
    expect(() => embedding(use(zeros([5, 2])), new Int32Array([1]) as never)).toThrowErrorMatchingInlineSnapshot(
      `[DTypeError: embedding: ids must be an int32 tensor, got an Int32Array of length 1]`,
    );
  });
});
