import { causal } from "@tfblocks/masks";
import { ShapeError, ValueError } from "@tfblocks/tensor-utils";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { attentionMaps, normalizedEntropy } from "../index.js";
import { type MeasuredScores, measureScores } from "../scaling.js";

const shapes = fc.tuple(
  fc.integer({ min: 1, max: 2 }),
  fc.integer({ min: 1, max: 3 }),
  fc.integer({ min: 1, max: 4 }),
  fc.integer({ min: 2, max: 5 }),
);
const cases = shapes.chain((shape) => {
  const cells = shape.reduce((product, size) => product * size, 1);
  return fc.record({
    shape: fc.constant(shape),
    scores: fc.array(fc.double({ min: -9, max: 9, noNaN: true }), { minLength: cells, maxLength: cells }),
  });
});

describe("measureScores of rows that are known", () => {
  // Row 0: p = (1/2, 1/2). Row 1: p = (3/4, 1/4), J = 3/16 [[1, −1], [−1, 1]]. Row 2: p = (1 − 1e-9, 1e-9).
  const scores = [2, 2, Math.log(3), 0, 0, -Math.log(1e9 - 1)];
  const { perHead, metric, version } = measureScores(scores, [1, 1, 3, 2], { mask: null });

  it("gives the closed forms of two keys", () => {
    expect([metric, version, perHead.length]).toEqual(["measureScores", 1, 1]);
    const [head] = perHead;
    expect(head!.jacobianNorm!.mean).toBeCloseTo((1 / 2 + 3 / 8 + 2e-9 * (1 - 1e-9)) / 3, 12);
    expect(head!.jacobianNorm!.median).toBeCloseTo(3 / 8, 12);
    expect(head!.maxWeight!.mean).toBeCloseTo((0.5 + 0.75 + 1 - 1e-9) / 3, 12);
    expect(head!.saturated).toBeCloseTo(1 / 3, 12);
    expect(head!.rowVariance!.mean).toBeCloseTo((Math.log(3) ** 2 / 2 + Math.log(1e9 - 1) ** 2 / 2) / 3, 10);
    expect(head!.largestScore).toBeCloseTo(Math.log(1e9 - 1), 12);
  });

  it("gives the variance of all scores", () => {
    const mean = scores.reduce((sum, x) => sum + x, 0) / 6;
    expect(perHead[0]!.scoreVariance).toBeCloseTo(scores.reduce((sum, x) => sum + (x - mean) ** 2, 0) / 6, 10);
  });

  it("does not overflow at scores of 1e4", () => {
    const [head] = measureScores([1e4, 1e4, -1e4, 1e4], [1, 1, 2, 2], { mask: null }).perHead;
    expect(head).toMatchObject({ saturated: 0.5, largestScore: 1e4, jacobianNorm: { mean: 0.25 }, maxWeight: { mean: 0.75 } });
  });
});

describe("measureScores under a mask", () => {
  it("never reads a cell outside the mask or a padded query, and counts rows", () => {
    const scores = [1, NaN, NaN, 1, 2, -Infinity, NaN, NaN, NaN, 3, 1, 2];
    const options = {
      mask: { at: (_b: number, _h: number, query: number, key: number) => key <= query },
      queryKeep: Uint8Array.of(1, 1, 0, 1),
    };
    const [head] = measureScores(scores, [1, 1, 4, 3], options).perHead;
    expect(head).toMatchObject({ rowsUsed: 2, skippedRows: { paddedQuery: 1, noAllowedKey: 0, fewKeys: 1, noTarget: 0 }, largestScore: 3 });
    const none = measureScores(scores, [1, 1, 4, 3], { mask: new Uint8Array(12) }).perHead[0]!;
    expect(none).toMatchObject({ rowsUsed: 0, skippedRows: { noAllowedKey: 4 }, scoreVariance: null, rowVariance: null, maxWeight: null });
    expect(Object.values(none)).not.toContain(NaN);
  });

  it("has the entropy of normalizedEntropy for the weights", () => {
    const scores = [0, 0, 0, 1, 2, 0, -1, 0.5, 2];
    const weights = [0, 1, 2].flatMap((row) => {
      const exponentials = [0, 1, 2].map((key) => (key <= row ? Math.exp(scores[row * 3 + key]!) : 0));
      return exponentials.map((x) => x / exponentials.reduce((sum, y) => sum + y, 0));
    });
    const expected = normalizedEntropy(attentionMaps(weights, [1, 1, 3, 3], { mask: causal() })).perHead[0]!.score!;
    expect(measureScores(scores, [1, 1, 3, 3], { mask: causal() }).perHead[0]!.normalizedEntropy!.mean).toBeCloseTo(expected, 12);
  });
});

describe("measureScores of any scores", () => {
  it("stays within its ranges and permutes with the heads", () => {
    fc.assert(
      fc.property(cases, ({ shape, scores }) => {
        const [batch, heads, queryLength, keyLength] = shape;
        const area = queryLength * keyLength;
        const reversed = scores.map((_, cell) => {
          const map = Math.floor(cell / area);
          return scores[(map - (map % heads) + heads - 1 - (map % heads)) * area + (cell % area)]!;
        });
        const original = measureScores(scores, shape, { mask: null }).perHead;
        measureScores(reversed, shape, { mask: null }).perHead.forEach((head, at) =>
          expect({ ...head, head: 0 }).toEqual({ ...original[heads - 1 - at]!, head: 0 }),
        );
        for (const head of original) {
          expect(head.rowsUsed).toBe(batch * queryLength);
          expect(head.jacobianNorm!.mean).toSatisfy((x: number) => x >= 0 && x <= 0.5 + 1e-12);
          expect(head.normalizedEntropy!.mean).toSatisfy((x: number) => x >= 0 && x <= 1);
          expect(head.maxWeight!.mean).toSatisfy((x: number) => x >= 1 / keyLength - 1e-12 && x <= 1);
        }
      }),
    );
  });

  it("does not change when a row is shifted, except for the variance of all scores", () => {
    fc.assert(
      fc.property(cases, fc.integer({ min: -64, max: 64 }), ({ shape, scores }, shift) => {
        const shifted = scores.map((score, cell) => (cell < shape[3] ? score + shift : score));
        const [before, after] = [scores, shifted].map((given) => measureScores(given, shape, { mask: null }).perHead[0]!);
        for (const name of ["rowVariance", "normalizedEntropy", "maxWeight", "jacobianNorm"] as const) {
          expect(after![name]!.mean).toBeCloseTo(before![name]!.mean, 9);
        }
      }),
    );
  });
});

describe("measureScores and its arguments", () => {
  const measure =
    (scores: number[], options: unknown = { mask: null }) =>
    (): MeasuredScores =>
      measureScores(scores, [1, 1, 2, 2], options as { mask: null });

  it("names the score that is not finite, and rejects what does not fit", () => {
    expect(measure([1, 2, 3, -Infinity])).toThrowErrorMatchingInlineSnapshot(
      `[ValueError: measureScores: scores must be finite where the mask allows a key, got -Infinity in batch 0, head 0, row 1, key 1; let the mask say which keys a query may not attend to]`,
    );
    expect(measure([1, 2, 3])).toThrowErrorMatchingInlineSnapshot(
      `[ShapeError: measureScores: scores must be 4 numbers for [1, 1, 2, 2], got 3]`,
    );
    expect(measure([1, 2, 3, 4], {})).toThrow(ValueError);
    expect(measure([1, 2, 3, 4], { mask: new Uint8Array(3) })).toThrow(ShapeError);
    expect(measure([1, 2, 3, 4], { mask: null, queryKeep: new Uint8Array(3) })).toThrow(ShapeError);
    expect(measure([1, 2, 3, 4], { mask: null, softcap: 3 })).toThrow(/measureScores: unknown option "softcap"/);
  });

  it("accepts maps without rows", () => {
    expect(measureScores([], [1, 2, 0, 3], { mask: null }).perHead.map(({ rowsUsed, saturated }) => [rowsUsed, saturated])).toEqual([
      [0, null],
      [0, null],
    ]);
  });
});
