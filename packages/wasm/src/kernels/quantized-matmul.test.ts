import { type Tensor, tensor } from "@tensorflow/tfjs-core";
import { QuantizedMatmul, type QuantizedMatmulAttrs, runKernel } from "@tfblocks/tensor-utils/kernels";
import { expectClose, expectSameBitsOfTwins, fusedBackendNames, randomNumbers, use, useBackend } from "@tfblocks/testkit";
import { beforeAll, describe, expect, it } from "vitest";

// The fuzz suite of this package compares all shapes with float64.

/** One output of 16 inputs with these codes, and three outputs of codes 0. */
function codesOf(bits: 4 | 8, codes: readonly number[]): Int32Array {
  const bytes = new Uint8Array(8 * bits);
  codes.forEach((code, input) => {
    if (bits === 8) bytes[(input >> 2) * 16 + (input & 3)] = code - 128;
    else bytes[(input >> 3) * 16 + (input & 3)]! |= code << (input & 4);
  });
  return new Int32Array(bytes.buffer);
}

const groups = (value: number): Tensor => tensor(Float32Array.of(value, 0, 0, 0), [1, 1, 4]);
const counting = Array.from({ length: 16 }, (_, input) => input);

/** The sixth input is 127, all others are 0; the scale is 1/2. */
function inputsOf(bits: 4 | 8) {
  const x = tensor(
    counting.map((input) => (input === 5 ? 127 : 0)),
    [1, 16],
  );
  return use({ x, codes: tensor(codesOf(bits, counting), [1, 2 * bits], "int32"), scales: groups(0.5) });
}

const attrsOf = (bits: 4 | 8): QuantizedMatmulAttrs => ({ bits, groupSize: 16, outFeatures: 1 });

describe.each([4, 8] as const)("QuantizedMatmul of %i bits", (bits) => {
  beforeAll(() => useBackend(fusedBackendNames[0]!));

  it("without offsets, counts codes from the middle one", async () => {
    const [y] = runKernel(QuantizedMatmul, inputsOf(bits), attrsOf(bits));
    await expectClose(y, { shape: [1, 1], data: [127 * 0.5 * (5 - 2 ** (bits - 1))] });
  });

  it("with offsets, counts codes from 0", async () => {
    const [y] = runKernel(QuantizedMatmul, { ...inputsOf(bits), offsets: use(groups(-3)), bias: use(tensor([10])) }, attrsOf(bits));
    await expectClose(y, { shape: [1, 1], data: [127 * (0.5 * 5 - 3) + 10] });
  });

  it.each([NaN, Infinity, -Infinity])("gives NaN for a row with %d, and no other", async (value) => {
    const numbers = [value, ...randomNumbers(15, 1), ...randomNumbers(16, 2).fill(1)];
    const [y] = runKernel(QuantizedMatmul, { ...inputsOf(bits), x: use(tensor(numbers, [2, 16])) }, attrsOf(bits));
    const [first, second] = await use(y).data();
    expect([first, Number.isFinite(second)]).toEqual([NaN, true]);
  });

  it("gives the same bits with any number of threads, plain and relaxed", async () => {
    const [rows, inFeatures, outFeatures, groupSize] = [7, 192, 259, 64];
    const [quads, count] = [65, 65 * 3 * 4];
    await expectSameBitsOfTwins(() => {
      const words = Int32Array.from(randomNumbers((quads * inFeatures * bits) / 8, 3), (number) => number * 2 ** 31);
      const [scales, offsets] = [4, 5].map((seed) => tensor(randomNumbers(count, seed), [quads, 3, 4])) as [Tensor, Tensor];
      const codes = tensor(words, [quads, (inFeatures * bits) / 8], "int32");
      const x = tensor(randomNumbers(rows * inFeatures, 6), [rows, inFeatures]);
      return [...runKernel(QuantizedMatmul, { x, codes, scales, offsets }, { bits, groupSize, outFeatures })];
    });
  });

  it("refuses what is not of the contract by its name", () => {
    const good = inputsOf(bits);
    const call = (changed: object, attributes: object = {}) =>
      runKernel(QuantizedMatmul, { ...good, ...changed } as typeof good, { ...attrsOf(bits), ...attributes } as QuantizedMatmulAttrs);
    expect(() => call({}, { bits: 5 })).toThrow("QuantizedMatmul: bits must be 4 or 8, got 5");
    expect(() => call({}, { groupSize: 24 })).toThrow("QuantizedMatmul: groupSize must be 16 or 32 or 64 or 128, got 24");
    expect(() => call({ scales: use(tensor([1, 2, 3, 4])) })).toThrow("QuantizedMatmul: scales must be [1, 1, 4], got [4]");
    expect(() => call({ offsets: use(tensor([1])) })).toThrow("QuantizedMatmul: offsets must be [1, 1, 4], got [1]");
    expect(() => call({ codes: use(tensor([1], [1, 1], "int32")) })).toThrow(`QuantizedMatmul: codes must be [1, ${2 * bits}], got [1, 1]`);
    expect(() => call({ x: use(tensor([1], [1, 1])) })).toThrow(/QuantizedMatmul: codes must be/);
  });
});
