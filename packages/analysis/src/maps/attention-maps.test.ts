import { ShapeError, ValueError } from "@tfblocks/tensor-utils";
import { describe, expect, it } from "vitest";
import {
  attentionDistance,
  attentionMaps,
  type AttentionMaps,
  type AttentionMapsOptions,
  entropy,
  firstTokenMass,
  headDiversity,
  nextTokenMass,
  normalizedEntropy,
  offsetMass,
  offsetSpectrum,
  previousTokenMass,
  selfMass,
  tokenMass,
} from "../index.js";

const everyRow = { minKeys: 1 };
const causal = { at: (_batch: number, _head: number, query: number, key: number) => key <= query };
const lower = [1, 0, 0.5, 0.5];

describe("metrics", () => {
  it.each([entropy, headDiversity, offsetSpectrum])("reject a promise of attention maps: %o", (metric) => {
    const promised = Promise.resolve() as unknown as AttentionMaps;
    expect(() => metric(promised)).toThrow(
      /: maps must be attention maps, got .*; make them with attentionMaps\(...\) or await readAttention/,
    );
  });
});

describe("attentionMaps under a mask", () => {
  it("accepts every form of a mask", () => {
    const cells = Uint8Array.of(1, 0, 1, 1);
    const scores = [causal, cells, { data: cells, shape: [1, 1, 2, 2] as const }].map((mask) =>
      entropy(attentionMaps(lower, [1, 1, 2, 2], { mask })),
    );
    expect(scores[0]!.perHead[0]!.values).toEqual([null, Math.LN2]);
    expect(scores[1]).toEqual(scores[0]);
    expect(scores[2]).toEqual(scores[0]);
  });

  it("broadcasts a padding mask over heads and queries, and a query mask over keys", () => {
    const weights = [0.5, 0.5, 0, 0.5, 0.5, 0, 1, 0, 0, 1, 0, 0];
    const padding = attentionMaps(weights, [2, 1, 2, 3], { mask: { data: Uint8Array.of(1, 1, 0, 1, 0, 0), shape: [2, 1, 1, 3] } });
    expect([...padding.keyCounts]).toEqual([2, 2, 1, 1]);
    const queries = attentionMaps([0, 1, 9, 9], [1, 1, 2, 2], { mask: { data: Uint8Array.of(1, 0), shape: [1, 1, 2, 1] } });
    expect([...queries.keyCounts]).toEqual([2, 0]);
  });

  it("passes absolute positions to predicates and uses them for offsets and distances", () => {
    const seen: number[][] = [];
    const mask = { at: (...cell: number[]) => seen.push(cell) > 0 && cell[3]! <= cell[2]! };
    const maps = attentionMaps([0.25, 0.75, 0], [1, 1, 1, 3], { mask, queryOffset: 6, keyOffset: 5 });
    expect(seen).toEqual([
      [0, 0, 6, 5],
      [0, 0, 6, 6],
      [0, 0, 6, 7],
    ]);
    expect(previousTokenMass(maps).perHead[0]).toMatchObject({ score: 0.25, nullScore: 0.5, lift: -0.5 });
    expect(selfMass(maps).perHead[0]!.score).toBe(0.75);
    expect(attentionDistance(maps).perHead[0]!.score).toBe(0.25);
    expect(offsetSpectrum(maps).perHead[0]!.bars.map(({ offset, score }) => [offset, score])).toEqual([
      [-1, 0.25],
      [0, 0.75],
    ]);
  });
});

describe("attentionMaps row by row", () => {
  it("counts skipped rows by reason", () => {
    const mask = Uint8Array.of(1, 1, 0, 0, 1, 0, 1, 1);
    const maps = attentionMaps([NaN, NaN, 0.5, 0.5, 1, 0, 0.5, 0.5], [1, 1, 4, 2], { mask, queryKeep: Uint8Array.of(0, 1, 1, 1) });
    expect(offsetMass(maps, { offset: -2 }).perHead[0]).toMatchObject({
      rowsUsed: 1,
      score: 0.5,
      skippedRows: { paddedQuery: 1, noAllowedKey: 1, fewKeys: 1, noTarget: 0 },
    });
    expect(nextTokenMass(maps).perHead[0]).toMatchObject({
      rowsUsed: 0,
      score: null,
      nullScore: null,
      lift: null,
      skippedRows: { noTarget: 1 },
    });
  });

  it("accepts queryKeep for all sequences together or for each", () => {
    const score = (queryKeep: Uint8Array) =>
      selfMass(attentionMaps([1, 0, 0, 1, 1, 0, 1, 0], [2, 1, 2, 2], { mask: null, queryKeep })).perHead[0]!.values;
    expect(score(Uint8Array.of(0, 1))).toEqual([null, 1, null, 0]);
    expect(score(Uint8Array.of(0, 1, 1, 0))).toEqual([null, 1, 1, null]);
  });

  it("divides a row by its sum if that is within 1e-3 of 1", () => {
    const [head] = selfMass(attentionMaps([0.5004, 0.5004], [1, 1, 1, 2], { mask: null })).perHead;
    expect(head).toMatchObject({ score: 0.5, nullScore: 0.5, lift: 0 });
  });

  it("rejects rows that are not distributions, and names head and row", () => {
    const build =
      (weights: number[], options: AttentionMapsOptions = { mask: null }) =>
      () =>
        attentionMaps(weights, [1, 2, 2, 2], options);
    const half = [0.5, 0.5];
    expect(build([...half, ...half, ...half, 1, 1])).toThrowErrorMatchingInlineSnapshot(
      `[ValueError: attentionMaps: weights must be rows that sum to 1 ± 0.001 over their allowed keys, got a sum of 2 in batch 0, head 1, row 1; pass weights after softmax and before dropout, with the mask (true = may attend) that they were computed under]`,
    );
    expect(build([...half, ...half, -0.5, 1.5, ...half])).toThrowErrorMatchingInlineSnapshot(
      `[ValueError: attentionMaps: weights must be finite and not negative, got -0.5 in batch 0, head 1, row 0; pass weights after softmax]`,
    );
    expect(build([NaN, 1, ...half, ...half, ...half])).toThrow(ValueError);
    expect(build([...half, ...half, ...half, ...half], { mask: causal })).toThrow(/a sum of 0.5 in batch 0, head 0, row 0/);
  });
});

describe("attentionMaps and its arguments", () => {
  it("accepts maps without queries, keys or heads", () => {
    for (const shape of [
      [1, 1, 0, 3],
      [1, 1, 2, 0],
      [1, 0, 2, 2],
      [0, 2, 2, 2],
    ] as const) {
      const maps = attentionMaps([], shape, { mask: null });
      for (const { score } of entropy(maps).perHead) expect(score).toBeNull();
      expect(headDiversity(maps).score).toBeNull();
      expect(offsetSpectrum(maps).perHead.flatMap(({ bars }) => bars)).toEqual([]);
      expect(firstTokenMass(maps).perHead.length).toBe(shape[1]);
    }
  });

  it("rejects sizes, masks and options that contradict the weights", () => {
    const build =
      (options: unknown, weights = lower) =>
      () =>
        attentionMaps(weights, [1, 1, 2, 2], options as AttentionMapsOptions);
    expect(build({ mask: null }, [1])).toThrowErrorMatchingInlineSnapshot(
      `[ShapeError: attentionMaps: weights must be 4 numbers for [1, 1, 2, 2], got 1]`,
    );
    expect(build({ mask: null }, [[1, 0, 1, 0]] as never)).toThrowErrorMatchingInlineSnapshot(
      `[ValueError: attentionMaps: weights must be a flat array of numbers, got nested arrays; pass weights.flat(3)]`,
    );
    expect(build({ mask: null }, {} as never)).toThrow("for a tensor, call await readAttention(weights, { mask })");
    expect(build({ mask: { data: new Uint8Array(6), shape: [1, 1, 2, 3] } })).toThrowErrorMatchingInlineSnapshot(
      `[ShapeError: attentionMaps: mask must be [1, 1, 2 or 1, 2 or 1], got [1, 1, 2, 3]]`,
    );
    expect(build({ mask: { ...causal, batch: 3 } })).toThrow(ShapeError);
    expect(build({ mask: new Uint8Array(3) })).toThrow(ShapeError);
    expect(build({ mask: null, queryKeep: new Uint8Array(3) })).toThrowErrorMatchingInlineSnapshot(
      `[ShapeError: attentionMaps: queryKeep must be [2] or [1, 2], got 3 cells]`,
    );
    for (const mask of [undefined, [1, 0, 1, 1], Float32Array.of(1, 0, 1, 1), "causal", {}]) expect(build({ mask })).toThrow(ValueError);
    expect(build({})).toThrowErrorMatchingInlineSnapshot(
      `[ValueError: attentionMaps: mask must be null, a mask, a Uint8Array or { data, shape }, got undefined; pass null when every key is allowed]`,
    );
    expect(build({ mask: null, queryOffset: 0.5 })).toThrow(ValueError);
    expect(() => attentionMaps([], [1, 2, 0] as never, { mask: null })).toThrow(ShapeError);
    expect(build({ mask: null, padding: 0 })).toThrowErrorMatchingInlineSnapshot(
      `[UnknownNameError: attentionMaps: unknown option "padding"; known options: mask, queryKeep, queryOffset, keyOffset, sink, learnedKey, precision]`,
    );
    expect(build(undefined)).toThrow("attentionMaps: options must be an object, got undefined");
  });
});

describe("undefined results are null", () => {
  it("for diversity of a single head", () => {
    const { score, nullScore, lift, perHead, distances } = headDiversity(attentionMaps([0.5, 0.5], [1, 1, 1, 2], { mask: null }));
    expect([score, nullScore, lift, perHead[0]!.score, distances]).toEqual([null, null, null, null, [[0]]]);
    expect(perHead[0]!.skippedRows.noTarget).toBe(1);
  });

  it("for normalised entropy of a row with one key", () => {
    const maps = attentionMaps([1], [1, 1, 1, 1], { mask: null });
    expect(normalizedEntropy(maps, everyRow).perHead[0]).toMatchObject({ score: null, skippedRows: { noTarget: 1 } });
    expect(entropy(maps, everyRow).perHead[0]!.score).toBe(0);
  });

  it("for the lift when uniform attention reaches the maximum", () => {
    const maps = attentionMaps([0.2, 0.3, 0.5], [1, 1, 1, 3], { mask: null });
    expect(tokenMass(maps, { keys: () => true }).perHead[0]).toMatchObject({ lift: null });
  });
});
