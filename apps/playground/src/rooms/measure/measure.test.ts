import { memory } from "@tensorflow/tfjs-core";
import { fusedBackendNames, useBackend } from "@tfblocks/testkit";
import { expect, test } from "vitest";
import type { AttentionPoint, Timing } from "./figures.js";
import { headDim, heads, measureAttention } from "./measure-attention.js";
import { measureProduct } from "./measure-product.js";
import { measureBackend } from "./worker-calls.js";

const fast = { budget: 1, longest: 1000, largest: 1e9 };
const outputBytes = (length: number): number => 4 * heads * length * headDim;
const weightBytes = (length: number): number => 4 * heads * length * length;

test("composed attention holds the weights, the fused kernel does not, and both agree", async () => {
  await useBackend(fusedBackendNames[0]!);
  const before = memory().numTensors;
  const [short, long] = [measureAttention(128, undefined, fast), measureAttention(512, undefined, fast)];
  expect(memory().numTensors).toBe(before);
  for (const { length, fused, composed, difference } of [short, long]) {
    expect(composed!.peakBytes).toBeGreaterThan(weightBytes(length));
    expect(fused!.peakBytes).toBeGreaterThanOrEqual(outputBytes(length));
    expect(difference).toBeGreaterThan(0);
    expect(difference).toBeLessThan(1e-5);
  }
  expect(long.composed!.peakBytes / short.composed!.peakBytes).toBeGreaterThan(10);
  expect(long.fused!.peakBytes / short.fused!.peakBytes).toBeLessThan(6);
});

test("a backend without the kernel measures only the composed path", async () => {
  await useBackend("wasm");
  const { fused, composed, difference } = measureAttention(64, undefined, fast);
  expect([fused, difference]).toEqual([null, null]);
  expect(composed!.time.median).toBeGreaterThan(0);
});

test("what the length before lets expect to be too slow or too large is not measured, and neither is what follows", async () => {
  await useBackend(fusedBackendNames[0]!);
  const time: Timing = { median: 10, least: 10, most: 10, runs: 3 };
  const before: AttentionPoint = {
    length: 32,
    fused: { time, peakBytes: 100 },
    composed: { time: { ...time, median: 300 }, peakBytes: 100 },
    difference: 0,
  };
  const point = measureAttention(64, before, fast);
  expect(point.fused).not.toBeNull();
  expect([point.composed, point.difference]).toEqual([null, null]);
  expect(measureAttention(128, point, fast).composed).toBeNull();
  expect(measureAttention(64, before, { ...fast, largest: 300 }).fused).toBeNull();
});

test("a product has its rate from its size and time", async () => {
  await useBackend(fusedBackendNames[0]!);
  const point = measureProduct(32, undefined)!;
  expect(point.gigaflops).toBeCloseTo(65536 / (point.time.median * 1e6), 6);
  expect(measureProduct(1024, { ...point, time: { ...point.time, median: 1 } })).toBeUndefined();
});

test("a cancel ends the measurement at its next step, with no tensor left", async () => {
  await useBackend(fusedBackendNames[0]!);
  const before = memory().numTensors;
  const steps: string[] = [];
  const port = { step: async (what: string) => steps.push(what) < 2 };
  expect(await measureBackend({ threads: { asked: 1, got: 1 } } as never, port)).toBeUndefined();
  expect(steps).toEqual(["Attention over 64 tokens, 1 thread", "Attention over 128 tokens, 1 thread"]);
  expect(memory().numTensors).toBe(before);
});
