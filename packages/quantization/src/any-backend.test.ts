import { grad, tensor, type Tensor } from "@tensorflow/tfjs-core";
import { matmul } from "@tfblocks/tensor-utils";
import "@tfblocks/tensor-utils/gradients";
import { conformanceBackendNames, expectClose, randomNumbers, use, useBackend } from "@tfblocks/testkit";
import { beforeAll, describe, expect, it } from "vitest";
import { QuantizedEmbedding } from "./quantized-embedding.js";
import { QuantizedMatrix } from "./quantized-matrix.js";
import { roundWeight } from "./round-weight.js";

const sizes = { bits: 4, groupSize: 32, outFeatures: 7, inFeatures: 64 } as const;
const codes = roundWeight(randomNumbers(7 * 64, 1), sizes);

/** What the codes stand for, in float64. */
const weight = Array.from(codes.codes, (code, at) => {
  const group = Math.floor(at / 32);
  return codes.scales[group]! * code + codes.offsets![group]!;
});

describe.each(conformanceBackendNames)("a quantised matrix on %s", (backend) => {
  beforeAll(() => useBackend(backend));

  it("multiplies, and has the gradient of its numbers", async () => {
    const matrix = use(new QuantizedMatrix(sizes, codes));
    const numbers = randomNumbers(3 * 64, 2);
    const x = use(tensor(numbers, [3, 64]));
    const expected = Array.from({ length: 21 }, (_, at) => dot(numbers, weight, Math.floor(at / 7), at % 7));
    await expectClose(matrix.multiply(x), { shape: [3, 7], data: expected }, { atol: 0.2, rtol: 0.01 }); // a kernel rounds x
    const upstream = use(tensor(randomNumbers(21, 3), [3, 7]));
    const gradient = use(grad((input: Tensor) => matrix.multiply(input))(x, upstream));
    await expectClose(gradient, use(matmul(upstream, use(tensor(weight, [7, 64])))), { atol: 1e-4, rtol: 1e-4 });
  });

  it("gives rows of a table, also after a product", async () => {
    const table = use(new QuantizedEmbedding({ weight: new QuantizedMatrix(sizes, codes), scale: 2 }));
    const x = use(tensor(randomNumbers(64, 2), [1, 1, 64]));
    expect(use(table.logits(x)).shape).toEqual([1, 1, 7]);
    const data = [6, 0, 3].flatMap((row) => weight.slice(64 * row, 64 * row + 64).map((each) => 2 * each));
    await expectClose(table.apply(use(tensor([[6, 0, 3]], [1, 3], "int32"))), { shape: [1, 3, 64], data });
    expect(table.weight.values()).toEqual(codes);
  });

  it("rounds a matrix and saves its codes", () => {
    const matrix = use(QuantizedMatrix.of(use(tensor(randomNumbers(7 * 64, 1), [7, 64])), { bits: 4, groupSize: 32 }));
    expect(matrix.values()).toEqual(codes);
  });
});

function dot(x: Float32Array, y: readonly number[], row: number, column: number): number {
  let sum = 0;
  for (let at = 0; at < 64; at++) sum += x[row * 64 + at]! * y[column * 64 + at]!;
  return sum;
}
