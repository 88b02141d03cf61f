import "@tfblocks/tensor-utils/gradients";
import { broadcastTo, eye, grad, softmax, tensor2d, tidy } from "@tensorflow/tfjs-core";
import { ValueError } from "@tfblocks/tensor-utils";
import { useBackend } from "@tfblocks/testkit";
import fc from "fast-check";
import { beforeAll, describe, expect, it } from "vitest";
import { jacobianNorm, softmaxJacobian } from "../scaling.js";

const distributions = fc
  .array(fc.double({ min: -20, max: 20, noNaN: true }), { minLength: 1, maxLength: 9 })
  .map((scores) => softmaxOf(scores));

describe("the Jacobian of a softmax", () => {
  it("is that of the logistic function for two keys", () => {
    for (const difference of [-30, -3, 0, 0.5, 8]) {
      const p = softmaxOf([difference, 0]);
      const slope = Math.exp(-Math.abs(difference)) / (1 + Math.exp(-Math.abs(difference))) ** 2;
      const expected = [slope, -slope, -slope, slope];
      softmaxJacobian(p)
        .flat()
        .forEach((entry, at) => expect(entry / expected[at]!).toBeCloseTo(1, 12));
      expect(jacobianNorm(p) / (2 * slope)).toBeCloseTo(1, 12);
    }
  });

  it("has the norm √(K − 1) / K for K equal weights, and 0 for a one-hot row and for one key", () => {
    for (const keys of [1, 2, 3, 16, 1000]) {
      expect(jacobianNorm(new Float32Array(keys).fill(1 / keys))).toBeCloseTo(Math.sqrt(keys - 1) / keys, 6);
    }
    expect(jacobianNorm([0, 1, 0])).toBe(0);
    expect(softmaxJacobian([0, 1, 0])).toEqual([
      [0, 0, 0],
      [0, 0, 0],
      [0, 0, 0],
    ]);
    expect(softmaxJacobian([1])).toEqual([[0]]);
  });

  it("keeps the digits of nearly one-hot rows, where the usual formula cancels", () => {
    const p = [1, 1e-12, 2e-12];
    const usual = p.reduce((sum, x) => sum + x * x - 2 * x ** 3, 0) + p.reduce((sum, x) => sum + x * x, 0) ** 2;
    expect(usual).not.toBeCloseTo(14e-24, 30);
    // Entries: 3e-12 and 1e-12, 2e-12 on the diagonal; −1e-12 and −2e-12 twice beside it, and a product near 0.
    expect(jacobianNorm(p) / Math.sqrt((9 + 1 + 4 + 2 * 1 + 2 * 4) * 1e-24)).toBeCloseTo(1, 9);
  });
});

describe("the Jacobian of any distribution", () => {
  it("has rows that sum to 0, is symmetric, and has a norm from 0 to 1/2 that is that of its entries", () => {
    fc.assert(
      fc.property(distributions, (p) => {
        const jacobian = softmaxJacobian(p);
        jacobian.forEach((row, i) => {
          expect(row.reduce((sum, entry) => sum + entry, 0)).toBeCloseTo(0, 14);
          row.forEach((entry, j) => expect(entry).toBe(jacobian[j]![i]));
        });
        const norm = jacobianNorm(p);
        expect(norm).toBeCloseTo(Math.hypot(...jacobian.flat()), 13);
        expect(norm).toBeGreaterThanOrEqual(0);
        expect(norm).toBeLessThanOrEqual(0.5 + 1e-12);
      }),
    );
  });

  it("is what finite differences give", () => {
    fc.assert(
      fc.property(fc.array(fc.double({ min: -4, max: 4, noNaN: true }), { minLength: 1, maxLength: 6 }), (scores) => {
        const jacobian = softmaxJacobian(softmaxOf(scores));
        scores.forEach((_, j) => {
          const shifted = (step: number) => softmaxOf(scores.map((score, key) => (key === j ? score + step : score)));
          const [above, below] = [shifted(1e-5), shifted(-1e-5)];
          scores.forEach((_score, i) => expect(jacobian[i]![j]).toBeCloseTo((above[i]! - below[i]!) / 2e-5, 8));
        });
      }),
    );
  });
});

describe.each(["cpu", "wasm"] as const)("the gradient of tf.softmax on %s", (backend) => {
  beforeAll(() => useBackend(backend));

  it("is the Jacobian", () => {
    const scores = [0.3, -1.2, 2, 0.7, -0.1];
    const measured = tidy(() => {
      const copies = broadcastTo(tensor2d([scores]), [5, 5]);
      return grad((x) => softmax(x))(copies, eye(5)).arraySync() as number[][];
    });
    softmaxJacobian(softmaxOf(scores)).forEach((row, i) => row.forEach((entry, j) => expect(measured[i]![j]).toBeCloseTo(entry, 6)));
  });
});

describe("softmaxJacobian and jacobianNorm", () => {
  it("reject what is not a distribution", () => {
    expect(() => jacobianNorm([0.5, 0.6])).toThrowErrorMatchingInlineSnapshot(
      `[ValueError: jacobianNorm: p must be a distribution that sums to 1 ± 0.001, got a sum of 1.1; pass weights after softmax]`,
    );
    expect(() => softmaxJacobian([1.5, -0.5])).toThrowErrorMatchingInlineSnapshot(
      `[ValueError: softmaxJacobian: p must be finite and not negative, got -0.5]`,
    );
    for (const p of [[], [NaN], [Infinity], undefined, 1]) expect(() => jacobianNorm(p as never)).toThrow(ValueError);
  });

  it("do not change their argument", () => {
    const p = [0.25, 0.75];
    softmaxJacobian(p);
    jacobianNorm(p);
    expect(p).toEqual([0.25, 0.75]);
  });
});

function softmaxOf(scores: readonly number[]): number[] {
  const peak = Math.max(...scores);
  const exponentials = scores.map((score) => Math.exp(score - peak));
  const total = exponentials.reduce((sum, x) => sum + x, 0);
  return exponentials.map((x) => x / total);
}
