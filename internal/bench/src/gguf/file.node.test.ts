import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";

type Format = object & { readonly name: string };

/** The modules under test, which are JavaScript. */
interface Gguf {
  readonly writeGguf: (path: string, content: { readonly metadata: object; readonly tensors: readonly Tensor[] }) => void;
}

interface Formats {
  readonly formats: Readonly<Record<32 | 8 | 4, Format>>;
  readonly float16: (value: number) => number;
}

interface Tensor {
  readonly name: string;
  readonly shape: readonly number[];
  readonly format: Format;
  readonly values: () => Float32Array;
}

interface Fixture {
  readonly weights: { readonly shape: number[]; readonly data: number[] };
  readonly file: string;
}

const { writeGguf } = (await import(join(import.meta.dirname, "file.mjs"))) as Gguf;
const { formats, float16 } = (await import(join(import.meta.dirname, "formats.mjs"))) as Formats;
const fixture = JSON.parse(readFileSync(join(import.meta.dirname, "../../../fixtures/data/gguf.json"), "utf8")) as Fixture;
const { shape, data } = fixture.weights;
const weights = Float32Array.from(data);
const folder = mkdtempSync(join(tmpdir(), "gguf-"));
afterAll(() => rmSync(folder, { recursive: true }));

test("a file has the bytes that Python's gguf package writes: metadata of every type, F32, Q8_0 and Q4_0", () => {
  const path = join(folder, "small.gguf");
  const matrices = ([32, 8, 4] as const).map((bits) => ({ name: formats[bits].name, shape, format: formats[bits], values: () => weights }));
  writeGguf(path, {
    metadata: {
      "general.architecture": ["string", "llama"],
      "test.count": ["uint32", 7],
      "test.rate": ["float32", 0.1],
      "test.flag": ["bool", false],
      "test.words": ["string", ["", "Öl", "𠀀"]],
      "test.scores": ["float32", [0, -1.5]],
      "test.kinds": ["int32", [1, -3]],
    },
    tensors: [{ name: "vector", shape: [5], format: formats[32], values: () => weights.subarray(0, 5) }, ...matrices],
  });
  expect(readFileSync(path).toString("base64")).toBe(fixture.file);
});

test.each([
  [0, 0x0000],
  [1, 0x3c00],
  [-2, 0xc000],
  [65504, 0x7bff], // the largest
  [2 ** -24, 0x0001], // the least
  [2 ** -25, 0x0000], // a tie
  [3 * 2 ** -25, 0x0002], // a tie
  [1 + 2 ** -11, 0x3c00], // a tie
  [1 + 3 * 2 ** -11, 0x3c02], // a tie
  [2 ** -14 - 2 ** -26, 0x0400], // rounds up to the least that is not subnormal
  [2047.6, 0x6800], // rounds up to the next power of two
])("%f as float16 has the bits %i", (value, bits) => {
  expect(float16(value)).toBe(bits);
});
