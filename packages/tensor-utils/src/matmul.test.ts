import { grads, reshape, sum, type Tensor, tensor, variable, zeros } from "@tensorflow/tfjs-core";
import "@tfblocks/tensor-utils/gradients";
import {
  type BackendName,
  backendNames,
  countsMemory,
  expectClose,
  expectFlatResources,
  expectNewTensors,
  randomTensor,
  use,
  useBackend,
} from "@tfblocks/testkit";
import { beforeAll, describe, expect, it } from "vitest";
import { broadcastShapes, matmul } from "./matmul.js";
import { allFlags, operands, operandShapes, oracle, tolerance } from "./testing/matmul-cases.js";

/** Pairs of shapes of one buffer. */
const viewShapes = [
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
] as const;

function describeMatmul(backend: BackendName): void {
  describe(`matmul on ${backend}`, () => {
    beforeAll(() => useBackend(backend));

    it.each(operandShapes)("multiplies %j by %j, either transposed", async (...shapes) => {
      for (const flags of allFlags) {
        const [a, b] = use(operands(shapes, flags));
        const result = await expectNewTensors(() => matmul(a, b, flags), 1);
        await expectClose(result, await oracle(a, b, flags), tolerance, JSON.stringify(flags));
      }
    });

    it.each([1, 3, 47, 48, 49, 96, 129])("multiplies with inner dimension %d", async (inner) => {
      for (const flags of allFlags) {
        for (const batch of [[], [3]]) {
          const [a, b] = use(
            operands(
              [
                [...batch, 5, inner],
                [...batch, inner, 7],
              ],
              flags,
            ),
          );
          await expectClose(matmul(a, b, flags), await oracle(a, b, flags), tolerance);
        }
      }
    });
  });
}

function describeOperands(backend: BackendName): void {
  describe(`the operands of matmul on ${backend}`, () => {
    beforeAll(() => useBackend(backend));

    // Here stock tf.matMul multiplies by the packed weight of the first call, or aborts in the heap.
    it.each(viewShapes)("multiplies by one buffer with the shapes %j and %j", async (first, second) => {
      const weight = randomTensor(first, 3);
      const view = use(reshape(weight, [...second]));
      for (const b of [weight, view, weight]) {
        const a = randomTensor([3, b.shape[0]!], 4);
        await expectClose(matmul(a, b), await oracle(a, b), tolerance);
      }
    });

    it("uses the new value of a variable that was multiplied before", async () => {
      const weight = use(variable(randomTensor([3, 4], 5)));
      const a = randomTensor([2, 3], 6);
      await expectClose(matmul(a, weight), await oracle(a, weight));
      weight.assign(randomTensor([3, 4], 7));
      await expectClose(matmul(a, weight), await oracle(a, weight));
    });

    it("propagates NaN and infinities only to results that use them", async () => {
      const a = use(
        tensor([
          [1, Number.NaN],
          [2, 3],
          [Infinity, 1],
        ]),
      );
      const b = use(
        tensor([
          [1, 2],
          [3, 4],
        ]),
      );
      await expectClose(matmul(a, b), { shape: [3, 2], data: [NaN, NaN, 11, 16, Infinity, Infinity] });
    });

    it("does not leak, including the backward pass and calls that throw", async () => {
      const [a, b] = [randomTensor([2, 3, 4], 1), randomTensor([4, 5], 2)];
      for (const gradient of use(grads((x, y) => sum(matmul(x!, y!)) as Tensor)([a, b]))) gradient.dispose();
      expect(() => matmul(a, a)).toThrow("matmul");
      if (countsMemory(backend)) expectFlatResources((index) => matmul(a, index % 2 === 0 ? b : a).dispose());
    });
  });
}

for (const backend of backendNames) {
  describeMatmul(backend);
  describeOperands(backend);
}

describe("matmul", () => {
  beforeAll(() => useBackend("cpu"));

  it("names the argument, the expected and the received shape", () => {
    expect(() => matmul(use(zeros([2, 3])), use(zeros([4, 5])))).toThrowErrorMatchingInlineSnapshot(
      `[ShapeError: matmul: b must be [..., inner, columns] with inner = 3 (from a), got [4, 5]]`,
    );
    expect(() => matmul(use(zeros([2, 3])), use(zeros([5, 4])), { transposeA: true, transposeB: true })).toThrowErrorMatchingInlineSnapshot(
      `[ShapeError: matmul: b must be [..., columns, inner] with inner = 2 (from a), got [5, 4]]`,
    );
    expect(() => matmul(use(zeros([3])), use(zeros([3, 4])))).toThrowErrorMatchingInlineSnapshot(
      `[ShapeError: matmul: a must be [..., rows, inner], got [3]]`,
    );
    expect(() => matmul(use(zeros([2, 2, 3])), use(zeros([5, 3, 4])))).toThrowErrorMatchingInlineSnapshot(
      `[ShapeError: matmul: b must be broadcastable with the batch dimensions [2] of a, got [5]]`,
    );
    expect(() => matmul(use(zeros([2, 3], "int32")), use(zeros([3, 4])))).toThrowErrorMatchingInlineSnapshot(
      `[DTypeError: matmul: a must be a float32 tensor, got int32 [2, 3]; convert it with tf.cast(a, "float32") if that is what it means]`,
    );
  });
});

describe("the options of matmul", () => {
  it("rejects unknown options", () => {
    expect(() => matmul(use(zeros([2, 3])), use(zeros([3, 4])), { transpose: true } as never)).toThrowErrorMatchingInlineSnapshot(
      `[UnknownNameError: matmul: unknown option "transpose"; known options: transposeA, transposeB; did you mean "transposeA" or "transposeB"?]`,
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

  it("rejects sizes that differ", () => {
    expect(() => broadcastShapes("add", [2, 3], [4, 3])).toThrowErrorMatchingInlineSnapshot(
      `[ShapeError: add: b must be broadcastable with the batch dimensions [2, 3] of a, got [4, 3]]`,
    );
    expect(() => broadcastShapes("add", [0], [2])).toThrowErrorMatchingInlineSnapshot(
      `[ShapeError: add: b must be broadcastable with the batch dimensions [0] of a, got [2]]`,
    );
  });
});
