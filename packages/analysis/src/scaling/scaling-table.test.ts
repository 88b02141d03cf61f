import { ValueError } from "@tfblocks/tensor-utils";
import { describe, expect, it } from "vitest";
import { type HeadMeasures, measureHead, normalVectors, type ScalingRow, scalingTable, type ScalingTableOptions } from "../scaling.js";

// NumPy: q, k ~ N(0, 1), 16 keys, 1000 draws, seed 0. Variance of the scores, entropy / ln 16, mean largest weight, mean
// Jacobian, median Jacobian, share of rows above 0.99; rounded to the digits that are given.
const numpy: Record<"none" | "1/sqrt(d)", Record<number, number[]>> = {
  none: {
    4: [4.0, 0.636, 0.424, 0.321, 0.332, 0.002],
    16: [16.3, 0.325, 0.685, 0.28, 0.335, 0.061],
    64: [63.5, 0.147, 0.847, 0.173, 0.114, 0.295],
    256: [253, 0.07, 0.923, 0.1, 0.009, 0.55],
  },
  "1/sqrt(d)": {
    4: [0.98, 0.86, 0.235, 0.297, 0.293, 0],
    16: [0.99, 0.853, 0.244, 0.303, 0.301, 0],
    64: [1.02, 0.848, 0.247, 0.305, 0.304, 0],
    256: [0.99, 0.85, 0.247, 0.305, 0.304, 0],
  },
};

/** The values of a row beside the sampling error of each; that of the median is 1.25 times that of the mean. */
function valuesOf({ rowVariance, scoreVariance, normalizedEntropy, maxWeight, jacobianNorm, saturated, rowsUsed }: HeadMeasures) {
  const share = (saturated! * rowsUsed + 1) / (rowsUsed + 2);
  return [
    [scoreVariance!, rowVariance!.standardError! + 0.05],
    [normalizedEntropy!.mean, normalizedEntropy!.standardError!],
    [maxWeight!.mean, maxWeight!.standardError!],
    [jacobianNorm!.mean, jacobianNorm!.standardError!],
    [jacobianNorm!.median, 1.25 * jacobianNorm!.standardError!],
    [saturated!, Math.sqrt((share * (1 - share)) / rowsUsed)],
  ] as const;
}

describe("scalingTable beside a NumPy sample", () => {
  // Seed 0, 1000 draws. Two samples differ by less than 3 √2 standard errors.
  it.each(["none", "1/sqrt(d)"] as const)("agrees within the sampling error with scale %s", (scale) => {
    const { rows, draws, seed } = scalingTable({ scale });
    expect([draws, seed]).toEqual([1000, 0]);
    for (const { headDim, measured } of rows) {
      valuesOf(measured).forEach(([value, error], at) => {
        const distance = Math.abs(value - numpy[scale][headDim]![at]!);
        expect(distance).toBeLessThan(3 * Math.SQRT2 * error + 0.001);
      });
    }
  });
});

describe("scalingTable beside the theory", () => {
  const distanceOf = ({ measured, theory }: ScalingRow): number =>
    Math.abs(measured.rowVariance!.mean - theory.scoreVariance) / measured.rowVariance!.standardError!;

  it.each<ScalingTableOptions>([
    { scale: "none" },
    { scale: "1/sqrt(d)" },
    { scale: 0.4, softcap: 3 },
    { scale: "none", softcap: 2 },
    { qkNorm: "l2", scale: 10 },
    { qkNorm: "rms" },
    { qkNorm: "rms", softcap: 1.5 },
  ])("has the variance of %o within four standard errors", (options) => {
    for (const row of scalingTable({ ...options, headDims: [2, 5, 24], draws: 800, seed: 5 }).rows) expect(distanceOf(row)).toBeLessThan(4);
  });

  it("has a variance that does not depend on headDim with 1/√headDim, and one that grows with it without", () => {
    const headDims = [1, 2, 7, 64, 100];
    const variances = (scale: "none" | "1/sqrt(d)") =>
      scalingTable({ headDims, scale, draws: 1, numKeys: 2 }).rows.map((row) => row.theory.scoreVariance);
    variances("1/sqrt(d)").forEach((variance) => expect(variance).toBeCloseTo(1, 12));
    expect(variances("none")).toEqual(headDims);
  });

  it.each<ScalingTableOptions>([
    { scale: 1e-3 },
    { scale: 1e-3, softcap: 2 },
    { scale: 1e-2, qkNorm: "l2" },
    { scale: 1e-3, qkNorm: "rms" },
  ])("reaches the limit of small scores with %o", (options) => {
    for (const { measured, theory } of scalingTable({ ...options, headDims: [5, 16], numKeys: 6, draws: 2000 }).rows) {
      const { gradient, jacobianNorm, maxWeight, normalizedEntropy } = theory.smallScores;
      expect(measured.queryGradient!.rootMeanSquare / gradient!).toBeCloseTo(1, 1);
      expect(measured.keyGradient!.rootMeanSquare / gradient!).toBeCloseTo(1, 1);
      expect(measured.jacobianNorm!.mean).toBeCloseTo(jacobianNorm, 3);
      expect(measured.maxWeight!.mean).toBeCloseTo(maxWeight, 2);
      expect(measured.normalizedEntropy!.mean).toBeCloseTo(normalizedEntropy, 4);
    }
  });
});

describe("scalingTable and its vectors", () => {
  it("repeats with the same seed, and measures the same vectors whatever the scale and the other widths", () => {
    const options = { headDims: [3, 8], draws: 20, seed: 9 };
    expect(scalingTable(options)).toEqual(scalingTable(options));
    expect(scalingTable({ ...options, seed: 10 }).rows).not.toEqual(scalingTable(options).rows);
    const vectors = normalVectors({ headDim: 8, draws: 20, seed: 9 });
    expect(scalingTable({ vectors, headDims: [3, 8] })).toEqual({ ...scalingTable(options), seed: null });
    expect(scalingTable({ vectors }).rows).toEqual([scalingTable(options).rows[1]]);
    expect(scalingTable({ vectors }).rows[0]!.measured).toEqual(measureHead(vectors, { mask: null }));
  });

  it("is plain data", () => {
    const table = scalingTable({ headDims: [1, 2], draws: 3, qkNorm: "l2", softcap: 2, scale: 4 });
    expect(JSON.parse(JSON.stringify(table))).toEqual(table);
    expect(table).toMatchObject({ experiment: "scalingTable", version: 1, numKeys: 16, seed: 0, scale: 4, softcap: 2, qkNorm: "l2" });
    expect(table.rows.map(({ theory }) => theory.smallScores.gradient)).toEqual([0, null]);
  });

  it("rejects sizes and options out of range", () => {
    const bad: object[] = [
      { headDims: [] },
      { headDims: [0] },
      { headDims: 4 },
      { numKeys: 1 },
      { draws: 0 },
      { seed: -1 },
      { scale: Infinity },
      { softcap: -1 },
      { qkNorm: "no" },
    ];
    for (const options of bad) expect(() => scalingTable(options)).toThrow(ValueError);
    expect(() => scalingTable({ heads: 2 } as never)).toThrow(/scalingTable: unknown option "heads"/);
    const vectors = normalVectors({ headDim: 2, draws: 2, numKeys: 2 });
    expect(() => scalingTable({ vectors, seed: 1 })).toThrowErrorMatchingInlineSnapshot(
      `[ValueError: scalingTable: seed must be left out beside vectors, got 1]`,
    );
    expect(() => scalingTable({ vectors, headDims: [3] })).toThrow("headDims must be an integer from 1 to 2");
    expect(() => scalingTable({ vectors: { ...vectors, numKeys: 1 } })).toThrow("numKeys must be an integer >= 2");
    expect(() => normalVectors({ headDim: 2, heads: 1 } as never)).toThrow(/normalVectors: unknown size "heads"/);
  });
});
