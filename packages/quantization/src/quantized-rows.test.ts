import { engine, memory } from "@tensorflow/tfjs-core";
import { type BackendName, expectNewTensors, randomNumbers, randomTensor, use, useBackend } from "@tfblocks/testkit";
import { beforeAll, describe, expect, it } from "vitest";
import { QuantizedMatrix } from "./quantized-matrix.js";
import { QuantizedRows } from "./quantized-rows.js";

const backends: readonly BackendName[] = ["cpu", "wasm"];
const sizes = { bits: 8, groupSize: 16, outFeatures: 3, inFeatures: 32 } as const;

describe.each(backends)("QuantizedRows on %s", (backend) => {
  beforeAll(() => useBackend(backend));

  it.each([4, 8] as const)("of %i bits, rounded in any order and number, make the matrix that all of them at once make", (bits) => {
    const weight = randomTensor([11, 48], 1);
    const numbers = weight.dataSync<"float32">();
    const rows = new QuantizedRows({ bits, groupSize: 16, outFeatures: 11, inFeatures: 48 });
    for (const [first, end] of [
      [6, 11],
      [0, 1],
      [1, 6],
    ] as const) {
      rows.round(first, numbers.subarray(first * 48, end * 48));
    }
    const [matrix, expected] = [use(new QuantizedMatrix(rows)), use(QuantizedMatrix.of(weight, { bits, groupSize: 16 }))];
    expect(buffersOf(matrix)).toEqual(buffersOf(expected));
  });

  it("are written where the matrix has them", async () => {
    await expectNewTensors(() => {
      const rows = new QuantizedRows(sizes);
      rows.round(0, randomNumbers(96, 1));
      const before = memory().numBytes;
      const matrix = new QuantizedMatrix(rows);
      expect(memory().numBytes - before).toBe(4 * (32 + 2 * 4)); // a quad of codes and of scales
      matrix.dispose();
    }, 0);
  });

  it("that are discarded leave nothing", () => {
    const before = engine().memory().numDataBuffers;
    const rows = new QuantizedRows(sizes);
    rows.discard();
    rows.discard();
    expect(engine().memory().numDataBuffers).toBe(before);
    expect(() => rows.round(0, new Float32Array(32))).toThrow("QuantizedRows: rows must be those of a matrix that was not made yet");
  });
});

describe("QuantizedRows", () => {
  beforeAll(() => useBackend("cpu"));

  it("refuse what does not fit, in the name of their caller", () => {
    const rows = new QuantizedRows({ ...sizes, bits: 4 }, {}, "load");
    const [codes, scales, offsets] = [new Uint8Array(32), Float32Array.of(1, 1), Float32Array.of(0, 0)];
    expect(() => rows.set(3, { codes, scales, offsets })).toThrow("load: first must be an integer from 0 to 2, got 3");
    expect(() => rows.set(0, { codes: codes.subarray(1), scales, offsets })).toThrow(
      "load: rows must be of 32 numbers each, got 31 numbers",
    );
    expect(() => rows.set(0, { codes, scales })).toThrow("load: offsets must be given, got none");
    expect(() => rows.set(0, { codes, scales, offsets: Float32Array.of(0) })).toThrow("load: offsets must be 2 numbers, got 1");
    expect(() => rows.set(0, { codes: codes.map(() => 16), scales, offsets })).toThrow("load: codes[0] must be at most 15, got 16");
    expect(() => rows.round(1, new Float32Array(32).fill(NaN))).toThrow("load: weight must be finite numbers, got NaN at 32");
    rows.set(1, { codes, scales, offsets });
    expect(() => new QuantizedMatrix(rows)).toThrow("load: rows must be set, all of them, got none for row 0");
    rows.discard();
    expect(() => new QuantizedRows({ ...sizes, groupSize: 64 })).toThrow(
      "QuantizedRows: groupSize must be a divisor of inFeatures = 32, got 64",
    );
    expect(() => new QuantizedRows({ ...sizes, outFeatures: 2 ** 30 })).toThrow(
      /QuantizedRows: codes \[.* must be at most 2147483647 bytes/,
    );
  });
});

/** The elements of the buffers. */
function buffersOf(matrix: QuantizedMatrix): Record<string, unknown> {
  return Object.fromEntries(Object.entries(matrix.buffers()).map(([name, each]) => [name, each.dataSync()]));
}
