import { scalingFixture } from "@tfblocks/fixtures/scaling";
import { describe, expect, it } from "vitest";
import { type ScoringOptions, scalingTable } from "../scaling.js";

const varianceOf = (headDim: number, options: ScoringOptions): number =>
  scalingTable({ ...options, headDims: [headDim], draws: 1, numKeys: 2 }).rows[0]!.theory.scoreVariance;

describe("the variance of capped scores", () => {
  it.each(scalingFixture.cappedVariances)(
    "is that of another quadrature for headDim $headDim and $options",
    ({ headDim, options, value }) => {
      expect(Math.abs(varianceOf(headDim, options) / value - 1)).toBeLessThan(1e-6);
    },
  );

  it.each(["none", "l2", "rms"] as const)("tends to that without a cap as the cap grows, with qkNorm %s", (qkNorm) => {
    for (const headDim of [1, 2, 3, 50]) {
      const plain = varianceOf(headDim, { qkNorm, scale: 0.5 });
      expect(varianceOf(headDim, { qkNorm, scale: 0.5, softcap: 1e6 }) / plain).toBeCloseTo(1, 9);
    }
  });

  it.each(["none", "l2", "rms"] as const)("tends to softcap² as the scale grows, and is never above it, with qkNorm %s", (qkNorm) => {
    expect(varianceOf(6, { qkNorm, scale: 1e5, softcap: 3 }) / 9).toBeCloseTo(1, 3);
    for (const scale of [0.1, 1, 10]) {
      const plain = varianceOf(6, { qkNorm, scale });
      expect(varianceOf(6, { qkNorm, scale, softcap: 3 })).toBeLessThan(Math.min(9, plain));
    }
  });
});
