import { describe, expect, it } from "vitest";
import { attentionMaps, type AttentionMaps, dependencyAccuracy, type HeadScores, type DependencyScore } from "../index.js";

/** Heads that put all attention of each query on one key. */
function attendingTo(...heads: number[][]): AttentionMaps {
  const length = heads[0]!.length;
  const weights = heads.flatMap((keys) => keys.flatMap((target) => Array.from({ length }, (_, key) => Number(key === target))));
  return attentionMaps(weights, [1, heads.length, length, length], { mask: null });
}

// The cat sat on the mat
const heads = [[1, 2, -1, 2, 5, 3]];
const relations = [["det", "nsubj", "root", "prep", "det", "pobj"]];
const first = ({ perHead }: HeadScores<DependencyScore>) => perHead[0]!;

describe("dependencyAccuracy", () => {
  it("gives a perfect head 1, beside the best fixed offset", () => {
    const score = first(dependencyAccuracy(attendingTo([1, 2, 2, 2, 5, 3]), { heads }));
    expect(score).toMatchObject({ score: 1, nullScore: 1 / 6, lift: 1, rowsUsed: 5, skippedRows: { noTarget: 1 } });
    expect(score.baseline).toEqual({ offset: 1, score: 3 / 5 });
    expect(score.overBaseline).toBeCloseTo(2 / 5, 12);
  });

  it("does not take a positional head for a syntactic one", () => {
    const score = first(dependencyAccuracy(attendingTo([1, 2, 3, 4, 5, 5]), { heads, relations }));
    expect(score).toMatchObject({ score: 3 / 5, overBaseline: 0 });
    expect(score.byRelation.map(({ relation, score: each, baseline }) => [relation, each, baseline])).toEqual([
      ["det", 1, { offset: 1, score: 1 }],
      ["nsubj", 1, { offset: 1, score: 1 }],
      ["prep", 0, { offset: -1, score: 1 }],
      ["pobj", 0, { offset: -2, score: 1 }],
    ]);
  });

  it("scores each head, and each relation on its own rows", () => {
    const { perHead } = dependencyAccuracy(attendingTo([1, 2, 2, 2, 5, 3], [0, 0, 0, 0, 0, 0]), { heads, relations });
    expect(perHead.map(({ score }) => score)).toEqual([1, 0]);
    expect(perHead[0]!.byRelation.map(({ rowsUsed }) => rowsUsed)).toEqual([2, 1, 1, 1]);
    expect(perHead[0]!.byRelation[0]!.values).toEqual([1, null, null, null, 1, null]);
  });

  it("scores heads that attend to their dependents, of which any counts", () => {
    const score = first(dependencyAccuracy(attendingTo([0, 0, 3, 5, 0, 4]), { heads, direction: "toDependent" }));
    expect(score).toMatchObject({ score: 1, rowsUsed: 4, values: [null, 1, 1, 1, null, 1] });
    expect(score.nullValues[2]).toBeCloseTo(2 / 6, 12);
    expect(score.baseline).toEqual({ offset: -1, score: 3 / 4 });
  });
});

describe("dependencyAccuracy of some words", () => {
  it("divides a row among ties, and leaves out the diagonal on request", () => {
    const maps = attentionMaps([0.4, 0.2, 0.4, 0.6, 0.3, 0.1, 0, 0, 1], [1, 1, 3, 3], { mask: null });
    const parse = [[2, 2, -1]];
    expect(first(dependencyAccuracy(maps, { heads: parse })).values).toEqual([0.5, 0, null]);
    expect(first(dependencyAccuracy(maps, { heads: parse, excludeDiagonal: true }))).toMatchObject({
      values: [1, 0, null],
      nullValues: [0.5, 0.5, null],
    });
  });

  it("skips words whose head the mask forbids, and words that are their own head", () => {
    const causal = { at: (_batch: number, _head: number, query: number, key: number) => key <= query };
    const maps = attentionMaps([1, 0, 0, 1, 0, 0, 0, 1, 0], [1, 1, 3, 3], { mask: causal });
    const score = first(dependencyAccuracy(maps, { heads: [[1, 1, 1]] }));
    expect(score).toMatchObject({ values: [null, null, 1], skippedRows: { fewKeys: 1, noTarget: 1 } });
  });

  it("sums attention to the pieces of a word, and averages that from them", () => {
    // [CLS] un ##do it: "undo" is word 0, "it" word 1, which depends on it
    const rows = [
      [1, 0, 0, 0],
      [0.2, 0.1, 0.1, 0.6],
      [0.3, 0.1, 0.4, 0.2],
      [0.5, 0.15, 0.15, 0.2],
    ];
    const maps = attentionMaps(rows.flat(), [1, 1, 4, 4], { mask: null });
    const options = { wordOf: [[-1, 0, 0, 1]] };
    const toHead = first(dependencyAccuracy(maps, { heads: [[-1, 0]], ...options }));
    expect(toHead).toMatchObject({ values: [null, null, null, 1], rowsUsed: 1, baseline: { offset: -1, score: 1 } });
    const toDependent = first(dependencyAccuracy(maps, { heads: [[-1, 0]], ...options, direction: "toDependent" }));
    // From "undo": to itself (0.2 + 0.5) / 2, to "it" (0.6 + 0.2) / 2
    expect(toDependent).toMatchObject({ values: [null, 1, null, null], skippedRows: { noTarget: 3 } });
  });
});

describe("dependencyAccuracy and its arguments", () => {
  const maps = attendingTo([0, 1]);

  it("rejects a parse that does not fit", () => {
    expect(() => dependencyAccuracy(maps, { heads: [[-1, 0, 1]] })).toThrowErrorMatchingInlineSnapshot(
      `[ShapeError: dependencyAccuracy: heads must be lists of length 2, got a list of length 3]`,
    );
    expect(() => dependencyAccuracy(maps, { heads: [[-1, 2]] })).toThrowErrorMatchingInlineSnapshot(
      `[ValueError: dependencyAccuracy: heads must be an integer from -1 to 1, got 2]`,
    );
    expect(() => dependencyAccuracy(maps, { heads: [[-1, 0], [-1]] })).toThrowErrorMatchingInlineSnapshot(
      `[ShapeError: dependencyAccuracy: heads must be a list for each sequence (batch = 1), got 2 lists]`,
    );
    expect(() => dependencyAccuracy(maps, { heads: [[-1, 0]], relations: [["root"]] })).toThrow(/relations must be lists of length 2/);
    expect(() => dependencyAccuracy(maps, { heads: [[-1, 0]], wordOf: [[0]] })).toThrow(/wordOf must be lists of length 2/);
    expect(() => dependencyAccuracy(maps, { heads: [[-1, 0]], wordOf: [[0, 2]] })).toThrow(/wordOf must be an integer from -1 to 1/);
    expect(() => dependencyAccuracy(maps, { heads: [-1] as never })).toThrow(/heads must be a list for each sequence, got -1/);
    expect(() => dependencyAccuracy(maps, {} as never)).toThrowErrorMatchingInlineSnapshot(
      `[ValueError: dependencyAccuracy: heads must be a list for each sequence, got undefined]`,
    );
    expect(() => dependencyAccuracy(maps, { heads: [[-1, 0]], direction: "up" as never })).toThrowErrorMatchingInlineSnapshot(
      `[ValueError: dependencyAccuracy: direction must be "toHead" or "toDependent", got "up"]`,
    );
    expect(() => dependencyAccuracy(maps, { heads: [[-1, 0]], relation: [] } as never)).toThrow(/did you mean "relations"/);
  });
});
