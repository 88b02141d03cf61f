import { describe, expect, test } from "vitest";
import { measureScale, type ScaleMeasure } from "./scale.js";

// Measured independently in NumPy: q, k ~ N(0, 1), 16 keys, 1000 draws.
const reference: Record<number, { unscaled: number[]; scaled: number[] }> = {
  4: { unscaled: [4, 0.636, 0.424, 0.321], scaled: [0.98, 0.86, 0.235, 0.297] },
  16: { unscaled: [16.3, 0.325, 0.685, 0.28], scaled: [0.99, 0.853, 0.244, 0.303] },
  64: { unscaled: [63.5, 0.147, 0.847, 0.173], scaled: [1.02, 0.848, 0.247, 0.305] },
  256: { unscaled: [253, 0.07, 0.923, 0.1], scaled: [0.99, 0.85, 0.247, 0.305] },
};
const headDims = Object.keys(reference).map(Number);

describe("measureScale", () => {
  test("matches reference numbers within 0.02 (6 % for the variance) on another sample", () => {
    const { points, checks, collapsesFrom } = measureScale({ headDims });
    for (const { headDim, unscaled, scaled } of points) {
      expectNear(unscaled, reference[headDim]!.unscaled);
      expectNear(scaled, reference[headDim]!.scaled);
    }
    expect(checks.map(({ status }) => status)).toEqual(["ok", "ok", "ok"]);
    expect(collapsesFrom).toBe(64);
  });

  test("finds no collapse for small head widths", () => {
    const { collapsesFrom, points } = measureScale({ headDims: [4, 8, 16], draws: 400 });
    expect(collapsesFrom).toBeNull();
    expect(points[2]!.unscaled.saturated).toBeGreaterThan(points[2]!.scaled.saturated);
  });

  test("repeats with the same seed", () => {
    const options = { headDims: [4, 8], draws: 50, seed: 9 };
    expect(measureScale(options)).toEqual(measureScale(options));
    expect(measureScale({ ...options, seed: 10 }).points).not.toEqual(measureScale(options).points);
  });

  test("rejects fewer than two keys and unknown options", () => {
    expect(() => measureScale({ keys: 4 } as never)).toThrow(/measureScale: unknown option "keys"/);
    expect(() => measureScale({ numKeys: 1 })).toThrow("measureScale: numKeys must be");
  });
});

function expectNear(measured: ScaleMeasure, [variance, entropy, maxWeight, gradient]: readonly number[]): void {
  expect(Math.abs(measured.scoreVariance / variance! - 1)).toBeLessThan(0.06);
  expect(Math.abs(measured.normalizedEntropy - entropy!)).toBeLessThan(0.02);
  expect(Math.abs(measured.meanMaxWeight - maxWeight!)).toBeLessThan(0.02);
  expect(Math.abs(measured.gradient.mean - gradient!)).toBeLessThan(0.02);
}
