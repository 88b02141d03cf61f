import { describe, expect, it } from "vitest";
import { distribution, lensReading } from "./lens-reading.js";

const of = (...logits: number[]) => distribution("logitLens", Float32Array.from(logits));

describe("lensReading", () => {
  it("of equal logits: entropy ln n, the smaller ids first, and rank 1 for all", () => {
    const even = of(2, 2, 2, 2);
    const { entropy, top, target, klFromFinal } = lensReading(even, even, 3, 2);
    expect(entropy).toBeCloseTo(Math.log(4), 12);
    expect(top).toEqual([0, 1].map((token) => ({ token, probability: expect.closeTo(0.25, 12) })));
    expect(target).toEqual({ token: 3, logProb: expect.closeTo(-Math.log(4), 12), rank: 1 });
    expect(klFromFinal).toBe(0);
  });

  it("the divergence is from the final distribution to this one", () => {
    // p = [1/2, 1/2], q = [1/4, 3/4]
    const [p, q] = [of(0, 0), of(0, Math.log(3))];
    expect(lensReading(q, p, undefined, 0).klFromFinal).toBeCloseTo(0.5 * Math.log(2) + 0.5 * Math.log(2 / 3), 6);
    expect(lensReading(p, q, undefined, 0).klFromFinal).toBeCloseTo(0.25 * Math.log(1 / 2) + 0.75 * Math.log(3 / 2), 6);
  });

  it("a token without probability counts for nothing, and large logits do not overflow", () => {
    const some = of(1e4, -Infinity, 1e4);
    const { entropy, top, target, klFromFinal } = lensReading(some, of(0, -Infinity, 0), 1, 3);
    expect(entropy).toBeCloseTo(Math.log(2), 12);
    expect(top.map(({ token, probability }) => [token, probability])).toEqual([
      [0, expect.closeTo(0.5, 10)],
      [2, expect.closeTo(0.5, 10)],
      [1, 0],
    ]);
    expect(target).toEqual({ token: 1, logProb: -Infinity, rank: 3 });
    expect(klFromFinal).toBeCloseTo(0, 12);
  });

  it.each([
    ["NaN", [0, NaN]],
    ["Infinity", [0, Infinity]],
    ["-Infinity", [-Infinity, -Infinity]],
  ])("refuses logits that are %s", (text, logits) => {
    expect(() => of(...logits)).toThrow(`logitLens: the model must be one with finite logits, got ${text}; check its weights`);
  });
});
