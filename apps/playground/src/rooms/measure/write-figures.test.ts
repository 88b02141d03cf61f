import type { WasmInfo } from "@tfblocks/wasm";
import { expect, test } from "vitest";
import type { BackendFigures, Figures, Timing } from "./figures.js";
import { figuresAsText, figureTable } from "./write-figures.js";

const timing = (median: number): Timing => ({ median, least: median / 2, most: 2 * median, runs: 7 });

function backendOf(threads: number): BackendFigures {
  const info: WasmInfo = {
    kernels: "fast",
    simd: true,
    relaxedSimd: false,
    threads: { asked: threads, got: threads },
    crossOriginIsolated: true,
    replaced: [],
    added: [],
    refusals: [],
  };
  const cost = { time: timing(4), peakBytes: 2_500_000 };
  const attention = [
    { length: 64, fused: cost, composed: cost, difference: 1e-7 },
    { length: 128, fused: cost, composed: null, difference: null },
  ];
  return { info, heads: 4, headDim: 64, attention, products: [{ size: 100, time: timing(2), gigaflops: 1 }] };
}

const figures: Figures = {
  version: 1,
  measuredAt: "2027-01-01T00:00:00.000Z",
  browser: "A browser, of sorts",
  processors: 2,
  all: backendOf(2),
  single: backendOf(1),
  generation: {
    title: "Copy",
    parameters: 1234,
    promptTokens: 5,
    newTokens: 48,
    firstToken: 9,
    nextToken: timing(5),
    tokensPerSecond: 200,
  },
};

test("every number of the text has its unit, size, threads, range and runs", () => {
  const lines = figuresAsText(figures).split("\n");
  expect(lines).toContain("composed attention, [1, 4, 64, 64] float32, 2 threads: 4.00 ms (2.00–8.00 ms, 7 runs)");
  expect(lines).toContain("fused attention, peak memory, [1, 4, 128, 64] float32, 1 thread: 2.50 MB");
  expect(lines).toContain("matrix product, [100, 100] · [100, 100] float32, 1 thread: 2.00 ms (1.00–4.00 ms, 7 runs)");
  expect(lines).toContain("fastest matrix product, 100 × 100, 2 threads: 1.00 GFLOP/s");
  expect(lines).toContain("writing with Copy: 200 tokens/s");
  expect(lines.filter((line) => line.includes("composed attention") && line.includes("128"))).toEqual([]);
});

test("the table has a row for each number, and its header names the columns", () => {
  const [header, ...rows] = figureTable(figures);
  expect(header).toEqual(["what", "size", "threads", "median", "unit", "least", "most", "runs"]);
  expect(rows).toHaveLength(2 * (6 + 1) + 2);
  expect(rows[0]).toEqual(["composed attention", "[1, 4, 64, 64] float32", 2, 4, "ms", 2, 8, 7]);
  expect(rows[1]).toEqual(["composed attention, peak memory", "[1, 4, 64, 64] float32", 2, 2_500_000, "bytes", null, null, null]);
});

test("figures of one thread stand alone", () => {
  const text = figuresAsText({ ...figures, all: backendOf(1), single: null, generation: null });
  expect(text).not.toMatch(/2 threads|writing/);
});
