import { add, grad, grads, mul, reshape, sum, type Tensor, tensor, tidy, variable, zeros } from "@tensorflow/tfjs-core";
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
  type Tolerance,
  useBackend,
} from "@tfblocks/testkit";
import { beforeAll, describe, expect, it } from "vitest";
import { broadcastShapes, matmul, type MatmulOptions } from "./matmul.js";

const product = (sizes: readonly number[]) => sizes.reduce((result, size) => result * size, 1);

/** Where the element of a flat batch index lies in an operand whose batch dimensions are broadcast. */
function broadcastIndex(index: number, batch: readonly number[], own: readonly number[]): number {
  let [rest, stride, at] = [index, 1, 0];
  for (let axis = batch.length - 1; axis >= 0; axis--) {
    const size = own[axis - batch.length + own.length] ?? 1;
    if (size !== 1) at += (rest % batch[axis]!) * stride;
    stride *= size;
    rest = Math.floor(rest / batch[axis]!);
  }
  return at;
}

/** The product in float64 loops. */
async function oracle(a: Tensor, b: Tensor, { transposeA = false, transposeB = false }: MatmulOptions = {}) {
  const [left, right] = [await a.data(), await b.data()];
  const [rows, inner] = transposeA ? [a.shape.at(-1)!, a.shape.at(-2)!] : [a.shape.at(-2)!, a.shape.at(-1)!];
  const columns = b.shape.at(transposeB ? -2 : -1)!;
  const batch = broadcastShapes("oracle", a.shape.slice(0, -2), b.shape.slice(0, -2));
  const data = new Float64Array(product(batch) * rows * columns);
  data.forEach((_, cell) => {
    const [matrix, row, column] = [Math.floor(cell / (rows * columns)), Math.floor(cell / columns) % rows, cell % columns];
    const leftStart = broadcastIndex(matrix, batch, a.shape.slice(0, -2)) * rows * inner;
    const rightStart = broadcastIndex(matrix, batch, b.shape.slice(0, -2)) * inner * columns;
    for (let k = 0; k < inner; k++) {
      data[cell]! +=
        left[leftStart + (transposeA ? k * rows + row : row * inner + k)]! *
        right[rightStart + (transposeB ? column * inner + k : k * columns + column)]!;
    }
  });
  return { shape: [...batch, rows, columns], data };
}

const tolerance: Tolerance = { atol: 1e-4, rtol: 1e-5 };
const operandShapes = [
  [
    [2, 3],
    [3, 4],
  ],
  [
    [5, 2, 3],
    [3, 4],
  ],
  [
    [2, 3],
    [5, 3, 4],
  ],
  [
    [1, 2, 3],
    [3, 4],
  ],
  [
    [5, 2, 3],
    [1, 3, 4],
  ],
  [
    [1, 2, 3],
    [5, 3, 4],
  ],
  [
    [2, 1, 4, 2, 3],
    [3, 1, 3, 4],
  ],
  [
    [2, 5, 2, 3],
    [5, 3, 4],
  ],
  [
    [2, 1, 2, 3],
    [2, 4, 3, 5],
  ],
  [
    [2, 4, 1, 3],
    [1, 4, 3, 1],
  ],
  [
    [3, 1, 1],
    [3, 1, 1],
  ],
  [
    [7, 1, 5],
    [5, 1],
  ],
  [
    [2, 3, 2, 1, 2, 3],
    [2, 1, 3, 4],
  ],
  [
    [0, 3],
    [3, 4],
  ],
  [
    [2, 0],
    [0, 4],
  ],
  [
    [2, 3],
    [3, 0],
  ],
  [
    [0, 2, 3],
    [3, 4],
  ],
  [
    [0, 2, 3],
    [1, 3, 4],
  ],
  [
    [1, 2, 3],
    [0, 3, 4],
  ],
  [
    [2, 2, 0],
    [2, 0, 4],
  ],
] as const;

const swapLast = (shape: readonly number[]) => [...shape.slice(0, -2), shape.at(-1)!, shape.at(-2)!];
const allFlags: MatmulOptions[] = [{}, { transposeA: true }, { transposeB: true }, { transposeA: true, transposeB: true }];

function operands([a, b]: readonly [readonly number[], readonly number[]], { transposeA, transposeB }: MatmulOptions): [Tensor, Tensor] {
  return [randomTensor(transposeA ? swapLast(a) : a, 1), randomTensor(transposeB ? swapLast(b) : b, 2)];
}

function describeMatmul(backend: BackendName): void {
  describe(`matmul on ${backend}`, () => {
    beforeAll(() => useBackend(backend));

    it.each(operandShapes)("multiplies %j by %j, either transposed", async (...shapes) => {
      for (const flags of allFlags) {
        await expectNewTensors(async () => {
          const [a, b] = operands(shapes, flags);
          const result = await expectNewTensors(() => matmul(a, b, flags), 1);
          await expectClose(result, await oracle(a, b, flags), tolerance, JSON.stringify(flags));
          for (const each of [a, b, result]) each.dispose();
        });
      }
    });

    it.each([1, 3, 47, 48, 49, 96, 129])("multiplies with inner dimension %d", async (inner) => {
      for (const flags of allFlags) {
        for (const batch of [[], [3]]) {
          const [a, b] = operands(
            [
              [...batch, 5, inner],
              [...batch, inner, 7],
            ],
            flags,
          );
          await expectClose(matmul(a, b, flags), await oracle(a, b, flags), tolerance);
        }
      }
    });

    // Stock tf.matMul multiplies by the packed weight of the first call here, or aborts in the heap.
    it.each([
      [
        [64, 64],
        [32, 128],
      ],
      [
        [128, 32],
        [32, 128],
      ],
      [
        [4, 6],
        [6, 4],
      ],
      [
        [4, 6],
        [8, 3],
      ],
    ])("multiplies by one buffer under the shapes %j and %j", async (first, second) => {
      const weight = randomTensor(first, 3);
      const view = reshape(weight, second);
      for (const b of [weight, view, weight]) {
        const a = randomTensor([3, b.shape[0]!], 4);
        await expectClose(matmul(a, b), await oracle(a, b), tolerance);
      }
    });

    it("sees the new value of a variable that was multiplied before", async () => {
      const weight = variable(randomTensor([3, 4], 5));
      const a = randomTensor([2, 3], 6);
      await expectClose(matmul(a, weight), await oracle(a, weight));
      weight.assign(randomTensor([3, 4], 7));
      await expectClose(matmul(a, weight), await oracle(a, weight));
      weight.dispose();
    });

    it("passes on NaN and infinities where they are used, and nowhere else", async () => {
      const a = tensor([
        [1, Number.NaN],
        [2, 3],
        [Infinity, 1],
      ]);
      const b = tensor([
        [1, 2],
        [3, 4],
      ]);
      await expectClose(matmul(a, b), { shape: [3, 2], data: [NaN, NaN, 11, 16, Infinity, Infinity] });
    });

    it.each(operandShapes.filter(([a, b]) => product([...a, ...b]) > 0))("has the gradient of %j by %j", async (...shapes) => {
      for (const flags of allFlags) {
        const [a, b] = operands(shapes, flags);
        await checkGradients((x, y) => matmul(x, y, flags), [a, b]);
      }
    });

    it.each(operandShapes.filter(([a, b]) => product([...a, ...b]) === 0))("has zero gradients of %j by %j", async (...shapes) => {
      for (const flags of allFlags) {
        const [a, b] = operands(shapes, flags);
        const upstream = zeros(matmul(a, b, flags).shape);
        const gradients = grads((x, y) => matmul(x!, y!, flags))([a, b], upstream);
        for (const [index, input] of [a, b].entries()) {
          await expectClose(gradients[index]!, { shape: input.shape, data: new Float32Array(input.size) });
        }
      }
    });

    it.each([
      [
        [2, 3],
        [3, 4],
      ],
      [
        [5, 2, 3],
        [3, 4],
      ],
      [
        [2, 1, 2, 3],
        [4, 3, 2],
      ],
    ])("has the second and third derivatives of %j by %j", async (...shapes) => {
      for (const flags of allFlags) {
        const [a, b] = operands(shapes as never, flags);
        const power = (degree: number, x: Tensor, y: Tensor) => {
          const result = matmul(x, y, flags);
          return sum(degree === 2 ? mul(result, result) : mul(mul(result, result), result)) as Tensor;
        };
        const first = (degree: number) => (x: Tensor, y: Tensor) => grad((at: Tensor) => power(degree, at, y))(x);
        await checkGradients(first(2), [a, b]);
        await checkGradients((x) => grad((at: Tensor) => first(3)(at, b))(x), [a]);
      }
    });

    it("keeps what the gradient needs when a surrounding scope ends", async () => {
      const [a, b] = [randomTensor([2, 3], 1), randomTensor([3, 4], 2)];
      const inner = (x: Tensor) => tidy(() => matmul(add(x, 1), add(b, 1)));
      await checkGradients(inner, [a]);
    });

    it("leaves nothing behind, backward and refused calls included", async () => {
      const [a, b] = [randomTensor([2, 3, 4], 1), randomTensor([4, 5], 2)];
      await expectNewTensors(() => {
        for (const gradient of grads((x, y) => sum(matmul(x!, y!)) as Tensor)([a, b])) gradient.dispose();
        expect(() => matmul(a, a)).toThrow("matmul");
      });
      if (countsMemory(backend)) expectFlatResources((index) => matmul(a, index % 2 === 0 ? b : a).dispose());
    });
  });
}

for (const backend of backendNames) describeMatmul(backend);

describe("matmul", () => {
  beforeAll(() => useBackend("cpu"));

  it("names the argument, the expected and the received shape", () => {
    expect(() => matmul(zeros([2, 3]), zeros([4, 5]))).toThrowErrorMatchingInlineSnapshot(
      `[ShapeError: matmul: b must be [..., inner, columns] with inner = 3 (from a), got [4, 5]]`,
    );
    expect(() => matmul(zeros([2, 3]), zeros([5, 4]), { transposeA: true, transposeB: true })).toThrowErrorMatchingInlineSnapshot(
      `[ShapeError: matmul: b must be [..., columns, inner] with inner = 2 (from a), got [5, 4]]`,
    );
    expect(() => matmul(zeros([3]), zeros([3, 4]))).toThrowErrorMatchingInlineSnapshot(
      `[ShapeError: matmul: a must be [..., rows, inner], got [3]]`,
    );
    expect(() => matmul(zeros([2, 2, 3]), zeros([5, 3, 4]))).toThrowErrorMatchingInlineSnapshot(
      `[ShapeError: matmul: b must be broadcastable to the batch dimensions [2] of a, got [5]]`,
    );
    expect(() => matmul(zeros([2, 3], "int32"), zeros([3, 4]))).toThrowErrorMatchingInlineSnapshot(
      `[DTypeError: matmul: a must be a float32 tensor, got int32 [2, 3]; convert it with tf.cast(a, "float32") if that is what it means]`,
    );
  });
});

describe("broadcastShapes", () => {
  it.each([
    [[], [], []],
    [[2], [], [2]],
    [[], [3, 1], [3, 1]],
    [[1], [7], [7]],
    [
      [2, 1, 4],
      [3, 1],
      [2, 3, 4],
    ],
    [[0], [1], [0]],
    [
      [1, 5],
      [0, 1],
      [0, 5],
    ],
  ])("broadcasts %j and %j to %j", (a, b, expected) => {
    expect(broadcastShapes("add", a, b)).toEqual(expected);
    expect(broadcastShapes("add", b, a)).toEqual(expected);
  });

  it("refuses sizes that differ", () => {
    expect(() => broadcastShapes("add", [2, 3], [4, 3])).toThrowErrorMatchingInlineSnapshot(
      `[ShapeError: add: b must be broadcastable to the batch dimensions [2, 3] of a, got [4, 3]]`,
    );
    expect(() => broadcastShapes("add", [0], [2])).toThrowErrorMatchingInlineSnapshot(
      `[ShapeError: add: b must be broadcastable to the batch dimensions [0] of a, got [2]]`,
    );
  });
});
