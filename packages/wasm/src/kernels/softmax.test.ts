import { engine, fill, grad, setBackend, softmax, Softmax, tensor, tidy, zeros } from "@tensorflow/tfjs-core";
import { runKernel, SoftmaxGrad } from "@tfblocks/tensor-utils/kernels";
import {
  checkGradients,
  expectClose,
  expectSameBits,
  fusedBackendNames,
  mapRows,
  oddColumns,
  randomNumbers,
  randomTensor,
  rowsOf,
  use,
  useBackend,
} from "@tfblocks/testkit";
import { beforeAll, describe, expect, it } from "vitest";

function softmaxRow(row: readonly number[]): number[] {
  const largest = Math.max(...row);
  const exponentials = row.map((each) => Math.exp(each - largest));
  const total = exponentials.reduce((sum, each) => sum + each, 0);
  return exponentials.map((each) => each / total);
}

describe.each(fusedBackendNames.map((name) => [name]))("softmax on %s", (backend) => {
  beforeAll(() => useBackend(backend));

  it.each([...oddColumns, 9001].flatMap((columns) => [1, 5].map((rows) => [rows, columns] as const)))(
    "is within 1e-6 relative of float64 for %i rows of %i, backward too",
    async (rows, columns) => {
      const [x, dy] = [use(tensor(randomNumbers(rows * columns, 1, 4), [rows, columns])), randomTensor([rows, columns], 2)];
      const y = use(softmax(x));
      await expectClose(y, { shape: [rows, columns], data: mapRows(x.dataSync(), columns, softmaxRow) }, { atol: 1e-9, rtol: 1e-6 });
      const [dx] = use(runKernel(SoftmaxGrad, { dy, y }, {}));
      const upstream = rowsOf(dy.dataSync(), columns);
      const expected = mapRows(y.dataSync(), columns, (row, index) => {
        const product = row.reduce((sum, each, column) => sum + each * upstream[index]![column]!, 0);
        return row.map((each, column) => each * (upstream[index]![column]! - product));
      });
      await expectClose(dx!, { shape: [rows, columns], data: expected }, { atol: 3e-7, rtol: 1e-6 });
    },
  );

  it("gives exact zeros for -Infinity and for scores far below the largest, and handles scores of 1e4", () => {
    const x = use(tensor([1e4, -Infinity, 1e4, 9800, -Infinity, -1e4, 0, -Infinity, 3, 2, 1, -1e30], [2, 6]));
    const y = use(softmax(x));
    const [first, second] = rowsOf(y.dataSync(), 6);
    expect(first).toEqual([0.5, 0, 0.5, 0, 0, 0]);
    expect(second![1]).toBe(0);
    expect(second![5]).toBe(0);
  });

  it.each([4, 5, 7])("gives NaN only in rows of %i that contain NaN or are all -Infinity", (columns) => {
    for (let at = 0; at < columns; at++) {
      const poisoned = Array.from({ length: columns }, (_, column) => (column === at ? NaN : column));
      const rows = [poisoned, poisoned.map(() => -Infinity), poisoned.map((_, column) => column)];
      const x = use(tensor(rows.flat(), [3, columns]));
      const y = use(softmax(x));
      expect(rowsOf(y.dataSync(), columns).map((row) => row.map(Number.isNaN))).toEqual(rows.map((row, index) => row.map(() => index < 2)));
    }
  });
});

describe("softmax", () => {
  beforeAll(() => useBackend(fusedBackendNames[0]!));

  it("is differentiable, with the dimension given or not", async () => {
    const x = randomTensor([2, 3, 7], 1);
    await checkGradients((at) => softmax(at), [x]);
    await checkGradients((at) => softmax(at, 2), [x]);
    await checkGradients((at) => engine().runKernel(Softmax, { logits: at }, { dim: 2 }), [x]);
  });

  it("has a gradient of plain operations on other backends", async () => {
    await setBackend("cpu");
    const x = randomTensor([2, 7], 1);
    await checkGradients((at) => softmax(at), [x]);
    x.dispose();
    await setBackend("wasm");
  });

  it("accepts empty tensors and single numbers", () => {
    const gradient = tidy(() => grad((at) => softmax(at))(zeros([0, 3])).shape);
    expect(gradient).toEqual([0, 3]);
    const y = use(tidy(() => softmax(zeros([3, 0]))));
    expect(y.shape).toEqual([3, 0]);
    const one = use(tidy(() => softmax(fill([1], 5))));
    expect([...one.dataSync()]).toEqual([1]);
  });

  it("gives the same bits on any number of threads", () =>
    expectSameBits(() => {
      const x = randomTensor([200, 301], 1);
      return [softmax(x), runKernel(SoftmaxGrad, { dy: x, y: x }, {})[0]];
    }));

  it("rejects gradients of another shape, and leaks nothing", async () => {
    const [y, dy] = [use(zeros([2, 3])), use(zeros([3, 2]))];
    expect(() => runKernel(SoftmaxGrad, { dy, y }, {})).toThrowErrorMatchingInlineSnapshot(
      `[ShapeError: SoftmaxGrad: dy must be [2, 3], got [3, 2]]`,
    );
  });
});
