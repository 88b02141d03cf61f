import { add, mul, reshape, type Tensor, tensor } from "@tensorflow/tfjs-core";
import { scope } from "@tfblocks/tensor-utils";
import { AppendKeysValues, QuantizedMatmul, runKernel } from "@tfblocks/tensor-utils/kernels";
import { CapturedStep, liveTensor } from "@tfblocks/tensor-utils/steps";
import { randomTensor, use, useBackend } from "@tfblocks/testkit";
import { afterEach, beforeAll, describe, expect, it, vi } from "vitest";
import { Runtime } from "../runtime/runtime.js";

const size = 32;

/** A product with a random matrix `[size, size]` of 8-bit codes. */
function product(seed: number): (x: Tensor) => Tensor {
  const bytes = Int8Array.from({ length: size * size }, (_, at) => Math.imul(at + seed, 0x9e3779b1) >> 24);
  const codes = use(tensor(new Int32Array(bytes.buffer), [size / 4, size], "int32"));
  const scales = use(tensor(new Float32Array(size).fill(0.01), [size / 4, 1, 4]));
  return (x) => runKernel(QuantizedMatmul, { x, codes, scales }, { bits: 8, groupSize: 32, outFeatures: size })[0];
}

/** Runs a step seven times with new numbers; checks each result, and returns how often the third run, a recorded one, rounds inputs. */
function roundings(body: (x: Tensor) => Tensor): number {
  const x = new Float32Array(size);
  const live = () => body(liveTensor(() => x, [1, size]));
  const step = new CapturedStep(live);
  const run = vi.spyOn(Runtime.prototype, "run");
  let counted = 0;
  for (let at = 0; at < 7; at++) {
    x.forEach((_, index) => (x[index] = Math.sin(at * size + index)));
    run.mockClear();
    const result = Array.from(step.run().dataSync());
    if (at === 2) counted = run.mock.calls.filter(([kernel]) => kernel === "quantizeRows").length;
    expect(step.isRepeated).toBe(at >= 3);
    expect(result).toEqual(Array.from(use(scope(live)).dataSync()));
  }
  step.dispose();
  return counted;
}

describe("products of a captured step", () => {
  beforeAll(() => useBackend("wasm fused plain, 1 thread"));
  afterEach(() => void vi.restoreAllMocks());

  it("round an input once that several read", () => {
    const [first, second, third] = [product(1), product(2), product(3)];
    expect(roundings((x) => add(add(first(x), second(x)), reshape(third(reshape(x, [1, 1, size])), [1, size])))).toBe(1);
  });

  it("round each input", () => {
    const [first, second] = [product(1), product(2)];
    expect(roundings((x) => add(first(x), second(mul(x, 2))))).toBe(2);
  });

  it.each([
    ["plain", { at: 0 }],
    ["live", () => ({ at: 0 })],
  ])("round an input again that a kernel with %s attributes has written to", (_, attrs) => {
    const [first, second] = [product(1), product(2)];
    const cached = use(tensor(new Float32Array(size), [1, 1, 1, size]));
    const other = randomTensor([1, 1, 1, size], 1);
    const write = (row: Tensor) => runKernel(AppendKeysValues, { cachedKey: cached, cachedValue: cached, key: row, value: row }, attrs);
    const rows = reshape(cached, [1, size]);
    expect(
      roundings((x) => {
        write(reshape(x, [1, 1, 1, size]));
        const before = first(rows);
        write(other);
        return add(before, second(rows));
      }),
    ).toBe(2);
    rows.dispose();
  });
});
