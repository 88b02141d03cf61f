import { add, grads, sum, tensor, type Tensor, zeros } from "@tensorflow/tfjs-core";
import { matmul } from "@tfblocks/tensor-utils";
import "@tfblocks/tensor-utils/gradients";
import { type BackendName, expectClose, randomNumbers, randomTensor, use, useBackend } from "@tfblocks/testkit";
import { beforeAll, describe, expect, it } from "vitest";
import { QuantizedMatrix } from "./quantized-matrix.js";
import { roundWeight } from "./round-weight.js";

const backends: readonly BackendName[] = ["cpu", "wasm"];

/** What a code stands for, in float64. */
function decoded(matrix: QuantizedMatrix): Float64Array {
  const { codes, scales, offsets } = matrix.values();
  const zero = offsets ? 0 : 2 ** (matrix.bits - 1);
  return Float64Array.from(codes, (code, at) => {
    const group = Math.floor(at / matrix.groupSize);
    return scales[group]! * (code - zero) + (offsets?.[group] ?? 0);
  });
}

for (const backend of backends) {
  describe.each([4, 8] as const)(`QuantizedMatrix of %i bits on ${backend}`, (bits) => {
    beforeAll(() => useBackend(backend));

    it.each([16, 32, 64, 128])("is within half a step of the matrix, in groups of %i", async (groupSize) => {
      const weight = randomTensor([7, 2 * groupSize], 1);
      const matrix = use(QuantizedMatrix.of(weight, { bits, groupSize }));
      const [numbers, wide] = [await weight.data(), await use(matrix.widen()).data()];
      const { scales } = matrix.values();
      const steps = Array.from(numbers, (number, at) => Math.abs(number - wide[at]!) / Math.abs(scales[Math.floor(at / groupSize)]!));
      expect(Math.max(...steps)).toBeLessThan(bits === 8 ? 0.5001 : 1.01); // the last code of an affine group may be a step off
    });

    it("multiplies within what rounding x makes", async () => {
      const [rows, inFeatures, outFeatures] = [5, 96, 10];
      const largest = bits === 8 ? 32767 : 127;
      const matrix = use(QuantizedMatrix.of(randomTensor([outFeatures, inFeatures], 2), { bits, groupSize: 32 }));
      const x = randomTensor([rows, inFeatures], 3);
      const [numbers, weight, y] = [await x.data(), decoded(matrix), await use(matrix.multiply(x)).data()];
      for (let at = 0; at < y.length; at++) {
        const [row, output] = [Math.floor(at / outFeatures), at % outFeatures];
        let [exact, bound] = [0, 1e-5];
        for (let input = 0; input < inFeatures; input++) {
          const span = numbers.subarray(row * inFeatures + (input & ~31), row * inFeatures + (input & ~31) + 32);
          exact += numbers[row * inFeatures + input]! * weight[output * inFeatures + input]!;
          bound += (Math.abs(weight[output * inFeatures + input]!) * Math.max(...span.map(Math.abs))) / (2 * largest);
        }
        expect(Math.abs(y[at]! - exact)).toBeLessThan(bound);
      }
    });
  });

  describe.each([4, 8] as const)(`QuantizedMatrix of %i bits on ${backend}`, (bits) => {
    beforeAll(() => useBackend(backend));

    it("adds a bias after the product, whose gradient is the sum over the rows", async () => {
      const matrix = use(QuantizedMatrix.of(randomTensor([6, 32], 2), { bits, groupSize: 16 }));
      const [x, bias, upstream] = [randomTensor([2, 3, 32], 3), randomTensor([6], 5), randomTensor([2, 3, 6], 4)];
      const [product, shifted] = [use(matrix.multiply(x)), use(matrix.multiply(x, bias))];
      await expectClose(shifted, { shape: [2, 3, 6], data: await use(add(product, bias)).data() });
      const gradients = use(grads((input: Tensor, added: Tensor) => matrix.multiply(input, added))([x, bias], upstream));
      await expectClose(gradients[1]!, { shape: [6], data: await use(sum(upstream, [0, 1])).data() });
      expect(() => matrix.multiply(x, randomTensor([5], 1))).toThrow("QuantizedMatrix.multiply: bias");
    });

    it("has the exact gradient of x, and none of its own", async () => {
      const matrix = use(QuantizedMatrix.of(randomTensor([6, 32], 2), { bits, groupSize: 16 }));
      const [x, upstream] = [randomTensor([2, 3, 32], 3), randomTensor([2, 3, 6], 4)];
      const [gradient] = use(grads((input: Tensor) => matrix.multiply(input))([x], upstream));
      const expected = use(matmul(upstream, use(matrix.widen())));
      await expectClose(gradient!, { shape: [2, 3, 32], data: await expected.data() });
      expect(matrix.parameters()).toEqual({});
    });

    it("widens the rows that are asked for", async () => {
      const matrix = use(QuantizedMatrix.of(randomTensor([11, 32], 2), { bits, groupSize: 32 }));
      const all = await use(matrix.widen()).data();
      const rows = [10, 0, 3, 3];
      const expected = rows.flatMap((row) => Array.from(all.subarray(row * 32, row * 32 + 32)));
      await expectClose(use(matrix.rows(rows)), { shape: [4, 32], data: expected });
      expect(use(matrix.rows([])).shape).toEqual([0, 32]);
    });

    it("takes an empty x, whose gradient is empty too", () => {
      const matrix = use(QuantizedMatrix.of(randomTensor([3, 16], 2), { bits, groupSize: 16 }));
      expect(use(matrix.multiply(use(zeros([0, 16])))).shape).toEqual([0, 3]);
    });
  });
}

describe("QuantizedMatrix", () => {
  beforeAll(() => useBackend("cpu"));

  it("keeps codes, scales and offsets as they were given", () => {
    const codes = Uint8Array.from(randomNumbers(5 * 48, 1), (number) => Math.floor((number + 1) * 8) & 15);
    const [scales, offsets] = [randomNumbers(15, 2), randomNumbers(15, 3)];
    const sizes = { bits: 4, groupSize: 16, outFeatures: 5, inFeatures: 48 } as const;
    expect(use(new QuantizedMatrix(sizes, { codes, scales, offsets })).values()).toEqual({ codes, scales, offsets });
  });

  it("takes 1.0625 bytes a weight of 8 bits and 0.625 of 4, in groups of 64", () => {
    const weight = randomTensor([8, 128], 1);
    const bytesOf = (bits: 4 | 8) => {
      const buffers = Object.values(use(QuantizedMatrix.of(weight, { bits, groupSize: 64 })).buffers());
      return buffers.reduce((bytes, { size }) => bytes + 4 * size, 0) / weight.size;
    };
    expect([bytesOf(8), bytesOf(4)]).toEqual([1.0625, 0.625]);
  });

  it("rounds a group of equal numbers exactly, also zeros", async () => {
    for (const bits of [4, 8] as const) {
      for (const value of [0, 3, -0.25]) {
        const matrix = use(QuantizedMatrix.of(use(tensor(new Float32Array(16).fill(value), [1, 16])), { bits, groupSize: 16 }));
        await expectClose(use(matrix.widen()), { shape: [1, 16], data: new Float32Array(16).fill(value) });
      }
    }
  });

  it("rounds four bits as MLX documents it: the number farther from 0 is exact", () => {
    const weight = Float32Array.from({ length: 16 }, (_, at) => at - 5);
    const { codes, scales, offsets } = roundWeight(weight, { bits: 4, groupSize: 16 });
    expect([scales[0], offsets![0]]).toEqual([-1, 10]);
    expect(Array.from(codes)).toEqual(Array.from({ length: 16 }, (_, at) => 15 - at));
  });
});

describe("QuantizedMatrix of what is wrong", () => {
  beforeAll(() => useBackend("cpu"));

  it.each([
    ["bits", { bits: 5 }, "QuantizedMatrix.of: bits must be 4 or 8, got 5"],
    ["groupSize", { groupSize: 24 }, "QuantizedMatrix.of: groupSize must be 16, 32, 64 or 128, got 24"],
    ["groupSize", { groupSize: 64 }, "QuantizedMatrix.of: groupSize must be a divisor of inFeatures = 32, got 64"],
  ])("refuses a wrong %s", (_name, changed, message) => {
    const weight = randomTensor([2, 32], 1);
    expect(() => QuantizedMatrix.of(weight, { bits: 8, groupSize: 32, ...changed } as never)).toThrow(message);
  });

  it("refuses numbers that no code stands for", () => {
    const weight = use(tensor([NaN, ...new Float32Array(15)], [1, 16]));
    expect(() => QuantizedMatrix.of(weight, { bits: 8, groupSize: 16 })).toThrow(
      "QuantizedMatrix.of: weight must be finite numbers, got NaN at 0",
    );
    const sizes = { bits: 4, groupSize: 16, outFeatures: 1, inFeatures: 16 } as const;
    const make = (values: object) => new QuantizedMatrix(sizes, { codes: new Uint8Array(16), scales: Float32Array.of(1), ...values });
    expect(() => make({ codes: new Uint8Array(16).fill(16) })).toThrow("QuantizedMatrix: codes[0] must be at most 15, got 16");
    expect(() => make({ scales: Float32Array.of(Infinity) })).toThrow("QuantizedMatrix: scales[0] must be finite, got Infinity");
    expect(() => make({ offsets: Float32Array.of(NaN) })).toThrow("QuantizedMatrix: offsets[0] must be finite, got NaN");
    expect(() => make({ scales: new Float32Array(2) })).toThrow("QuantizedMatrix: scales must be 1 numbers, got 2");
  });
});
