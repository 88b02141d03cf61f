import { describe, expect, it } from "vitest";
import { attentionMaps, duplicateTokenMass, inductionPattern, patternMass, prefixMatching } from "../index.js";

const causal = { at: (_batch: number, _head: number, query: number, key: number) => key <= query };
const fifths = Array.from({ length: 25 }, () => 0.2);
const everywhere = attentionMaps(fifths, [1, 1, 5, 5], { mask: null });

describe("metrics of repeated tokens", () => {
  it("sum over all earlier copies, and over what follows them", () => {
    const tokens = [[7, 8, 7, 9, 7]];
    const copies = duplicateTokenMass(everywhere, { ids: tokens }).perHead[0]!;
    expect(copies).toMatchObject({ values: [null, null, 0.2, null, 0.4], rowsUsed: 2 });
    expect(copies.lift).toBeCloseTo(0, 12);
    expect(prefixMatching(everywhere, { ids: tokens }).perHead[0]).toMatchObject({ values: [null, null, 0.2, null, 0.4] });
  });

  it("take the later of two adjacent copies for no target of induction", () => {
    expect(prefixMatching(everywhere, { ids: [[0, 1, 2, 2, 3]] }).perHead[0]).toMatchObject({ score: null, rowsUsed: 0 });
    expect(inductionPattern([[0, 1, 1]]).at(0, 0, 2, 2)).toBe(false);
  });

  it("skip targets that the mask forbids", () => {
    const window = { at: (_batch: number, _head: number, query: number, key: number) => key <= query && query - key <= 1 };
    const maps = attentionMaps([1, 0, 0, 0.5, 0.5, 0, 0, 0.5, 0.5], [1, 1, 3, 3], { mask: window });
    expect(duplicateTokenMass(maps, { ids: [[4, 5, 4]] }).perHead[0]!.values).toEqual([null, null, null]);
    expect(prefixMatching(maps, { ids: [[4, 5, 4]] }).perHead[0]!.values).toEqual([null, null, 0.5]);
  });

  it("read tokens at the positions of the maps, of each sequence", () => {
    const rows = [0.25, 0.75, 0.6, 0.4];
    const maps = attentionMaps(rows, [2, 1, 1, 2], { mask: null, queryOffset: 6, keyOffset: 5 });
    const tokens = [Int32Array.of(3, 3), Int32Array.of(3, 4)];
    expect(duplicateTokenMass(maps, { ids: tokens }).perHead[0]!.values).toEqual([0.25, null]);
  });

  it("reject ids that are not one for each key", () => {
    const message = (ids: unknown) => () => duplicateTokenMass(everywhere, { ids: ids as number[][] });
    expect(message([1, 2, 3, 4, 5])).toThrowErrorMatchingInlineSnapshot(
      `[ValueError: duplicateTokenMass: ids must be a list of token ids for each sequence, got an array of length 5; pass [ids] for one sequence]`,
    );
    expect(message([[1, 2, 3]])).toThrowErrorMatchingInlineSnapshot(
      `[ShapeError: duplicateTokenMass: ids must be lists of length keyLength = 5, got a list of length 3]`,
    );
    expect(message(undefined)).toThrowErrorMatchingInlineSnapshot(
      `[ValueError: duplicateTokenMass: ids must be a list of token ids for each sequence, got undefined; pass [ids] for one sequence]`,
    );
    expect(message([["a", "b", "c", "d", "e"]])).toThrow('ids must be an integer >= -9007199254740991, got "a"');
    expect(() => inductionPattern([1, 2, 1] as never)).toThrow("inductionPattern: ids must be a list of token ids for each sequence");
    expect(message([])).toThrow("ids must be a list for each sequence (batch = 1), got 0 lists");
  });
});

describe("patternMass", () => {
  it("takes a pattern in every form of a mask", () => {
    const cells = Uint8Array.of(0, 0, 1, 0);
    const maps = attentionMaps([1, 0, 0.5, 0.5], [1, 1, 2, 2], { mask: causal });
    const previous = { at: (_batch: number, _head: number, query: number, key: number) => key === query - 1 };
    for (const pattern of [cells, { data: cells, shape: [1, 1, 2, 2] as const }, previous]) {
      expect(patternMass(maps, pattern).perHead[0]).toMatchObject({ score: 0.5, nullScore: 0.5, lift: 0, rowsUsed: 1 });
    }
  });

  it("takes a pattern for each head", () => {
    const maps = attentionMaps([0.25, 0.75, 0.25, 0.75], [1, 2, 1, 2], { mask: null });
    const pattern = { data: Uint8Array.of(1, 0, 0, 1), shape: [1, 2, 1, 2] as const };
    expect(patternMass(maps, pattern).perHead.map(({ score }) => score)).toEqual([0.25, 0.75]);
  });

  it("rejects what is not a pattern", () => {
    expect(() => patternMass(everywhere, null as never)).toThrowErrorMatchingInlineSnapshot(
      `[ValueError: patternMass: pattern must be a mask, a Uint8Array or { data, shape }, got null]`,
    );
    expect(() => patternMass(everywhere, "causal" as never)).toThrow(
      /pattern must be a mask, a Uint8Array or \{ data, shape \}, got "causal"/,
    );
    expect(() => patternMass(everywhere, { data: Uint8Array.of(1), shape: [1, 1, 2, 2] })).toThrow(/pattern must be/);
  });
});
