import { describe, expect, it } from "vitest";
import { attentionMaps, confidence, contentDependence, detectionScore } from "../index.js";

const causal = { at: (_batch: number, _head: number, query: number, key: number) => key <= query };
/** Two inputs of two queries and two keys. */
const two = attentionMaps([0.5, 0.5, 0.5, 0.5, 1, 0, 0, 1], [2, 1, 2, 2], { mask: null });

describe("contentDependence", () => {
  it("is the distance of each row from the mean row of the inputs", () => {
    const { values, score, lift } = contentDependence(two).perHead[0]!;
    expect(values).toEqual([0.25, 0.25, 0.25, 0.25]);
    expect([score, lift]).toEqual([0.25, null]);
  });

  it("is 0 for a positional head, and 1 − 1 / N when no input attends to a common key", () => {
    const positional = [0, 1, 0, 0, 1, 0, 0, 1, 0];
    expect(contentDependence(attentionMaps(positional, [3, 1, 1, 3], { mask: null })).perHead[0]!.score).toBe(0);
    const disjoint = [1, 0, 0, 0, 1, 0, 0, 0, 1];
    expect(contentDependence(attentionMaps(disjoint, [3, 1, 1, 3], { mask: null })).perHead[0]!.score).toBeCloseTo(2 / 3, 12);
  });

  it("is undefined for one input", () => {
    const one = attentionMaps([0.5, 0.5], [1, 1, 1, 2], { mask: null });
    expect(contentDependence(one).perHead[0]).toMatchObject({ score: null, nullScore: null, skippedRows: { noTarget: 1 } });
  });

  it("uses only rows that are usable in every input, and the first queries on request", () => {
    const padded = attentionMaps([0.5, 0.5, 0.5, 0.5, 1, 0, 0, 1], [2, 1, 2, 2], { mask: null, queryKeep: Uint8Array.of(1, 1, 1, 0) });
    expect(contentDependence(padded).perHead[0]).toMatchObject({ rowsUsed: 2, skippedRows: { paddedQuery: 1, noTarget: 1 } });
    expect(contentDependence(two, { maxQueries: 1 }).perHead[0]!.values).toEqual([0.25, null, 0.25, null]);
    const later = attentionMaps([0.5, 0.5, 1, 0], [2, 1, 1, 2], { mask: null, queryOffset: 1 });
    expect(contentDependence(later, { maxQueries: 1 }).perHead[0]!.rowsUsed).toBe(0);
  });

  it("leaves the first key out of both sums", () => {
    const maps = attentionMaps([0.8, 0.2, 0, 0.8, 0, 0.2], [2, 1, 1, 3], { mask: null });
    expect(contentDependence(maps).perHead[0]!.score).toBeCloseTo(0.1, 12);
    expect(contentDependence(maps, { excludeFirst: true }).perHead[0]).toMatchObject({ nullScore: 0, keptMass: 0.2 });
    expect(contentDependence(maps, { excludeFirst: true }).perHead[0]!.score).toBeCloseTo(0.5, 12);
    const onlyFirst = attentionMaps([1, 0, 1, 0], [2, 1, 1, 2], { mask: null });
    expect(contentDependence(onlyFirst, { excludeFirst: true }).perHead[0]).toMatchObject({
      score: null,
      keptMass: 0,
      values: [null, null],
      skippedRows: { noTarget: 2 },
    });
  });
});

describe("contentDependence and its baseline", () => {
  it("is above 0 when the masks of the inputs differ", () => {
    const mask = { data: Uint8Array.of(1, 1, 1, 0), shape: [2, 1, 1, 2] as const };
    const maps = attentionMaps([0.5, 0.5, 1, 0], [2, 1, 1, 2], { mask });
    expect(contentDependence(maps, { minKeys: 1 }).perHead[0]).toMatchObject({ score: 0.25, nullScore: 0.25 });
  });

  it("rejects options outside their range", () => {
    expect(() => contentDependence(two, { maxQueries: 0 })).toThrowErrorMatchingInlineSnapshot(
      `[ValueError: contentDependence: maxQueries must be an integer >= 1, got 0]`,
    );
    expect(() => contentDependence(two, { minKeys: 0 })).toThrow("contentDependence: minKeys must be an integer >= 1, got 0");
    expect(() => contentDependence(two, { withoutFirst: true } as never)).toThrow(/unknown option "withoutFirst"/);
  });
});

describe("confidence", () => {
  it("leaves out queries on request", () => {
    const options = { queries: (token: number, batch: number) => batch === 1 && token === 0 };
    expect(confidence(two, options).perHead[0]).toMatchObject({ values: [null, null, 1, null], nullScore: 0.5, lift: 1 });
    expect(() => confidence(two, { queries: [0] as never })).toThrowErrorMatchingInlineSnapshot(
      `[ValueError: confidence: queries must be a function of a token's index, got an array of length 1]`,
    );
  });
});

describe("detectionScore", () => {
  it("has no score when the exclusions leave no attention", () => {
    const maps = attentionMaps([1, 0, 1, 0], [1, 1, 2, 2], { mask: causal });
    const options = { excludeFirst: true, excludeDiagonal: true };
    const [head] = detectionScore(maps, { at: () => true }, options).perHead;
    expect(head).toMatchObject({ score: null, lift: null, keptMass: 0, rowsUsed: 0 });
  });

  it("finds the diagonal at absolute positions", () => {
    const maps = attentionMaps([0.25, 0.75], [1, 1, 1, 2], { mask: null, queryOffset: 1 });
    expect(detectionScore(maps, Uint8Array.of(1, 0), { excludeDiagonal: true }).perHead[0]).toMatchObject({ score: 1, keptMass: 0.25 });
  });

  it("rejects unknown measures and options", () => {
    expect(() => detectionScore(two, causal, { measure: "sum" as never })).toThrowErrorMatchingInlineSnapshot(
      `[ValueError: detectionScore: measure must be "mul" or "abs", got "sum"]`,
    );
    expect(() => detectionScore(two, causal, { excludeBos: true } as never)).toThrow(/unknown option "excludeBos"/);
    expect(() => detectionScore(two, causal, { excludeFirst: "no" as never })).toThrow(/excludeFirst must be true or false/);
    expect(() => detectionScore(Promise.resolve(two) as never, causal)).toThrow(/maps must be attention maps/);
  });
});
