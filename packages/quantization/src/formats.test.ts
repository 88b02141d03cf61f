import { use, useBackend } from "@tfblocks/testkit";
import { beforeAll, expect, it } from "vitest";
import { QuantizedMatrix } from "./quantized-matrix.js";
import type { QuantizedMatrixSizes } from "./quantized-rows.js";
import type { Codes } from "./round-weight.js";

// Blocks of other formats, made by hand, with the numbers that their specifications give them: ggml's dequantize_row_* for GGUF, and
// mlx.core.dequantize. Each maps onto codes, scales and offsets without loss.

const pick = (count: number, next: (at: number) => number) => Array.from({ length: count }, (_, at) => next(at));

function expectLossless(sizes: Omit<QuantizedMatrixSizes, "outFeatures" | "inFeatures">, values: Codes, expected: readonly number[]): void {
  const matrix = use(new QuantizedMatrix({ ...sizes, outFeatures: 1, inFeatures: values.codes.length }, values));
  const positive = (zero: number) => zero + 0; // -0 is 0 here
  expect(Array.from(use(matrix.widen()).dataSync(), positive)).toEqual(expected.map((each) => positive(Math.fround(each))));
}

beforeAll(() => useBackend("cpu"));

it("Q8_0: 32 signed bytes and a scale", () => {
  const [scale, bytes] = [Math.fround(0.0123), pick(32, (at) => 8 * at - 127)];
  const values = { codes: Uint8Array.from(bytes, (byte) => byte + 128), scales: Float32Array.of(scale) };
  expectLossless(
    { bits: 8, groupSize: 32 },
    values,
    bytes.map((byte) => scale * byte),
  );
});

it("Q4_0: 32 nibbles around 8 and a scale", () => {
  const [scale, nibbles] = [-0.375, pick(32, (at) => (7 * at) & 15)];
  expectLossless(
    { bits: 4, groupSize: 32 },
    { codes: Uint8Array.from(nibbles), scales: Float32Array.of(scale) },
    nibbles.map((nibble) => scale * (nibble - 8)),
  );
});

it("Q4_1: 32 nibbles, a scale and the least value", () => {
  const [scale, least, nibbles] = [0.0625, -0.71875, pick(32, (at) => (5 * at) & 15)];
  expectLossless(
    { bits: 4, groupSize: 32 },
    { codes: Uint8Array.from(nibbles), scales: Float32Array.of(scale), offsets: Float32Array.of(least) },
    nibbles.map((nibble) => scale * nibble + least),
  );
});

it("Q4_K: 256 nibbles, eight pairs of 6-bit numbers, and a scale for each kind", () => {
  const [d, dmin] = [Math.fround(0.00123), Math.fround(0.0456)].map((each) => halfOf(each)) as [number, number];
  const [sixBits, minima] = [pick(8, (at) => 63 - 9 * at), pick(8, (at) => 8 * at + 3)];
  const nibbles = pick(256, (at) => (11 * at + (at >> 5)) & 15);
  expectLossless(
    { bits: 4, groupSize: 32 },
    {
      codes: Uint8Array.from(nibbles),
      scales: Float32Array.from(sixBits, (each) => d * each),
      offsets: Float32Array.from(minima, (each) => -dmin * each),
    },
    nibbles.map((nibble, at) => Math.fround(d * sixBits[at >> 5]!) * nibble - Math.fround(dmin * minima[at >> 5]!)),
  );
});

it("Q6_K: 256 numbers of 6 bits around 32, and a signed byte for each 16", () => {
  const [d, scales] = [halfOf(0.0017), pick(16, (at) => 16 * at - 128)];
  const sixBits = pick(256, (at) => (37 * at) & 63);
  expectLossless(
    { bits: 8, groupSize: 16 },
    { codes: Uint8Array.from(sixBits, (each) => each - 32 + 128), scales: Float32Array.from(scales, (each) => d * each) },
    sixBits.map((each, at) => d * scales[at >> 4]! * (each - 32)),
  );
});

it.each([4, 8] as const)("MLX, %i bits: words of codes from the lowest bits on, scales and biases", (bits) => {
  const perWord = 32 / bits;
  const words = Uint32Array.from(pick(64 / perWord, (at) => (0x9e3779b9 * (at + 1)) >>> 0));
  const codes = pick(64, (at) => (words[Math.floor(at / perWord)]! >>> (bits * (at % perWord))) & (2 ** bits - 1));
  const [scale, bias] = [0.015625, -1.25];
  expectLossless(
    { bits, groupSize: 64 },
    { codes: Uint8Array.from(codes), scales: Float32Array.of(scale), offsets: Float32Array.of(bias) },
    codes.map((code) => scale * code + bias),
  );
});

/** A number with the 11 significant bits of float16. */
function halfOf(value: number): number {
  const unit = 2 ** (Math.floor(Math.log2(value)) - 10);
  return Math.round(value / unit) * unit;
}
