import { scalingFixture } from "@tfblocks/fixtures/scaling";
import { causal } from "@tfblocks/masks";
import { ValueError } from "@tfblocks/tensor-utils";
import { describe, expect, it } from "vitest";
import { measureHead, measureScores, narrowVectors, normalVectors, scalingTable, scoreHead } from "../scaling.js";

describe("scoreHead beside PyTorch", () => {
  it.each(scalingFixture.heads)("gives the scores of $name", ({ options, rows, ...vectors }) => {
    const { scores } = scoreHead(vectors, { ...options, mask: null });
    rows.flatMap((row) => row.scores).forEach((score, at) => expect(scores[at]).toBeCloseTo(score, 10));
  });
});

describe("scoreHead", () => {
  const vectors = normalVectors({ headDim: 8, numKeys: 4, draws: 4, seed: 5 });

  it("gives weights that are the softmax of the allowed scores", () => {
    const { rows, numKeys, scores, weights } = scoreHead(vectors, { scale: 0.7, mask: causal() });
    expect([rows, numKeys]).toEqual([4, 4]);
    for (let row = 0; row < rows; row++) {
      const allowed = Array.from(scores.subarray(row * numKeys, row * numKeys + row + 1), Math.exp);
      const total = allowed.reduce((sum, each) => sum + each, 0);
      const expected = Array.from({ length: numKeys }, (_, key) => (key <= row ? allowed[key]! / total : 0));
      Array.from(weights.subarray(row * numKeys, (row + 1) * numKeys)).forEach((weight, key) =>
        expect(weight).toBeCloseTo(expected[key]!, 12),
      );
    }
  });

  it("gives scores that measureScores measures as measureHead does", () => {
    const { scores } = scoreHead(vectors, { softcap: 2, qkNorm: "rms", mask: null });
    expect(measureScores(scores, [1, 1, 4, 4], { mask: null }).perHead[0]!.largestScore).toBeLessThan(2);
  });

  it("refuses what measureHead refuses, under its own name", () => {
    expect(() => scoreHead(vectors, { softcap: 0, mask: null })).toThrow(ValueError);
    expect(() => scoreHead(vectors, { softcap: 0, mask: null })).toThrow(/^scoreHead: softcap/);
    expect(() => scoreHead(vectors, { mask: null, scal: 1 } as never)).toThrow(/^scoreHead: unknown option "scal"/);
  });
});

describe("narrowVectors", () => {
  const vectors = normalVectors({ headDim: 6, numKeys: 3, draws: 5, seed: 1 });

  it("gives the vectors that scalingTable measures", () => {
    const [row] = scalingTable({ vectors, headDims: [2] }).rows;
    expect(measureHead(narrowVectors(vectors, 2), { mask: null })).toEqual(row!.measured);
    expect(Array.from(narrowVectors(vectors, 2).queries).slice(2, 4)).toEqual(Array.from(vectors.queries).slice(6, 8));
  });

  it("refuses a width that the vectors do not have", () => {
    expect(() => narrowVectors(vectors, 7)).toThrow(/^narrowVectors: headDim must be an integer from 1 to 6/);
    expect(() => narrowVectors({ ...vectors, numKeys: 4 }, 2)).toThrow(/^narrowVectors: keys/);
  });
});
