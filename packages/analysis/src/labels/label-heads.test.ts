import { causal } from "@tfblocks/masks";
import { describe, expect, it } from "vitest";
import { attentionMaps, type AttentionMaps, headScores, labelHeads } from "../index.js";

const ids = [5, 1, 2, 3, 4, 1, 2, 3, 4, 1];
const tokens = ids.map((id) => "abcdef"[id]!);
const length = ids.length;

/** Causal maps of heads that attend to one key in each row. */
function mapsTo(...targets: ((query: number) => number)[]): AttentionMaps {
  const rows = targets.flatMap((target) =>
    Array.from({ length }, (_, query) => Array.from({ length }, (__, key) => Number(key === target(query)))),
  );
  return attentionMaps(rows.flat(), [1, targets.length, length, length], { mask: causal() });
}

function labelsOf(maps: AttentionMaps, isDelimiter?: (token: number) => boolean): string[][] {
  const context = { ids: [ids], ...(isDelimiter && { isDelimiter }) };
  const { perHead } = labelHeads(headScores(maps, context), { ...context, tokens: [tokens] });
  return perHead.map(({ labels }) => labels.map(({ label }) => label));
}

/** The key before an earlier copy, at the copy, or after it; the token itself where there is none. */
const atCopy = (shift: number) => (query: number) => {
  const copy = ids.lastIndexOf(ids[query]!, query - 1);
  return query > 0 && copy >= 0 ? copy + shift : query;
};

describe("labelHeads", () => {
  it("gives every label whose rule a perfect head satisfies", () => {
    const maps = mapsTo(
      (query) => Math.max(0, query - 1),
      atCopy(1),
      atCopy(0),
      () => 0,
    );
    expect(labelsOf(maps)).toEqual([["previous token", "local window"], ["induction"], ["duplicate token"], ["first token"]]);
    expect(
      labelsOf(
        mapsTo(() => 0),
        (token) => token === 0,
      ),
    ).toEqual([["first token", "delimiter"]]);
  });

  it("calls an induction head what attends after the copy, not at it or before it", () => {
    expect(labelsOf(mapsTo(atCopy(0), atCopy(-1))).flat()).not.toContain("induction");
  });

  it("labels uniform attention broad and nothing else", () => {
    const uniform = Array.from({ length }, (_, query) => Array.from({ length }, (__, key) => (key <= query ? 1 / (query + 1) : 0)));
    expect(labelsOf(attentionMaps(uniform.flat(), [1, 1, length, length], { mask: causal() }))).toEqual([["broad"]]);
  });

  it("shows score, null, threshold, rule and the rows that decided", () => {
    const [head] = labelHeads(headScores(mapsTo(atCopy(1)), { ids: [ids] }), { ids: [ids], tokens: [tokens] }).perHead;
    const induction = head!.labels.find(({ label }) => label === "induction")!;
    expect(induction).toMatchObject({ metric: "prefixMatching", score: 1, threshold: 0.4, minLift: 0.3, rowsUsed: 5 });
    expect(induction.nullScore).toBeGreaterThan(0);
    expect(induction.evidence).toHaveLength(3);
    expect(induction.evidence[0]).toMatchObject({ batch: 0, query: 8, token: "e", keys: [{ key: 5, token: "b" }], value: 1 });
  });
});

describe("what labelHeads needs", () => {
  it("needs four rows: two repeated words are no evidence of induction", () => {
    const short = ids.slice(0, 7);
    const at = (query: number) => (query >= 5 ? query - 3 : query);
    const rows = Array.from({ length: 7 }, (_, query) => Array.from({ length: 7 }, (__, key) => Number(key === at(query))));
    const maps = attentionMaps(rows.flat(), [1, 1, 7, 7], { mask: causal() });
    const scores = headScores(maps, { ids: [short] });
    expect(scores["prefixMatching"]!.perHead[0]).toMatchObject({ score: 1, rowsUsed: 2 });
    expect(labelHeads(scores, { ids: [short] }).perHead[0]!.labels.map(({ label }) => label)).not.toContain("induction");
  });

  it("uses only the scores that it is given, and refuses what are none", () => {
    const { previousTokenMass } = headScores(
      mapsTo((query) => Math.max(0, query - 1)),
      { ids: [ids] },
    );
    expect(labelHeads({ previousTokenMass: previousTokenMass! }, { ids: [ids] }).perHead[0]!.labels).toHaveLength(1);
    expect(() => labelHeads({}, { ids: [ids] })).toThrowErrorMatchingInlineSnapshot(
      `[ValueError: labelHeads: scores must be an object of results of metrics, at least one, got an object]`,
    );
    const two = headScores(
      mapsTo(
        () => 0,
        () => 0,
      ),
      { ids: [ids] },
    );
    expect(() =>
      labelHeads({ previousTokenMass: previousTokenMass!, entropy: two["entropy"]! }, { ids: [ids] }),
    ).toThrowErrorMatchingInlineSnapshot(`[ShapeError: labelHeads: scores must be results for the same number of heads, got 1 and 2]`);
    expect(() => labelHeads(two, { ids: [ids], tokens: [tokens], rows: 3 } as never)).toThrowErrorMatchingInlineSnapshot(
      `[UnknownNameError: labelHeads: unknown option "rows"; known options: ids, isDelimiter, tokens, evidenceRows]`,
    );
  });

  it("names itself when the ids are one list instead of a list for each sequence", () => {
    const maps = mapsTo(() => 0);
    expect(() => headScores(maps, { ids } as never)).toThrowErrorMatchingInlineSnapshot(
      `[ValueError: headScores: ids must be a list of token ids for each sequence, got an array of length 10; pass [ids] for one sequence]`,
    );
    expect(() => labelHeads(headScores(maps, { ids: [ids] }), { ids } as never)).toThrow("labelHeads: ids must be a list of token ids");
    expect(() => headScores(maps, undefined as never)).toThrow("headScores: options must be an object, got undefined");
  });
});
