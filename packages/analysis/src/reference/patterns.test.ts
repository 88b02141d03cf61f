import reference from "@tfblocks/fixtures/analysis-reference";
import { describe, expect, it } from "vitest";
import {
  attentionMaps,
  type AttentionMaps,
  confidence,
  contentDependence,
  detectionScore,
  duplicateTokenMass,
  duplicateTokenPattern,
  inductionPattern,
  offsetMass,
  patternMass,
  prefixMatching,
} from "../index.js";

const everyRow = { minKeys: 1 };
const excluding = { excludeFirst: true, excludeDiagonal: true };
const causal = { at: (_batch: number, _head: number, query: number, key: number) => key <= query };
const previous = { at: (_batch: number, _head: number, query: number, key: number) => key === query - 1 };
const F1 = attentionMaps(reference.F1.weights.flat(), [1, 1, 4, 4], { mask: causal });

/** A causal head that puts all its attention on one key of each row. */
function attendingTo(keys: number[]): AttentionMaps {
  const weights = keys.flatMap((target) => keys.map((_, key) => Number(key === target)));
  return attentionMaps(weights, [1, 1, keys.length, keys.length], { mask: causal });
}

const scoreOf = ({ perHead }: { perHead: readonly { score: number | null }[] }) => perHead[0]!.score;

describe("the worked causal example", () => {
  const { F1: known } = reference;

  it("has the confidence of its largest weights", () => {
    expect(scoreOf(confidence(F1, everyRow))).toBeCloseTo(known.confidenceAllRows.value, 12);
    expect(scoreOf(confidence(F1))).toBeCloseTo(known.confidence.value, 12);
    expect(scoreOf(confidence(F1, { queries: (token) => token < 3 }))).toBeCloseTo(0.5, 12);
  });

  it("has the detector's scores of previous tokens", () => {
    expect(scoreOf(detectionScore(F1, previous))).toBeCloseTo(known.previousMul.value, 12);
    expect(scoreOf(detectionScore(F1, previous, excluding))).toBeCloseTo(known.previousMulExcluding.value, 12);
    expect(scoreOf(detectionScore(F1, previous, { measure: "abs" }))).toBeCloseTo(known.previousAbs.value, 12);
    expect(scoreOf(detectionScore(F1, previous, { measure: "abs", ...excluding }))).toBeCloseTo(known.previousAbsExcluding.value, 12);
    expect(scoreOf(patternMass(F1, previous))).toBeCloseTo(known.previous.value, 12);
  });

  it("says what attention an exclusion keeps", () => {
    expect(detectionScore(F1, previous, excluding).perHead[0]!.keptMass).toBeCloseTo(0.95 / 4, 12);
    expect(detectionScore(F1, previous).perHead[0]).not.toHaveProperty("keptMass");
  });
});

describe("perfect heads", () => {
  const { perfectPrevious, induction } = reference;
  const { tokens } = induction;
  const keyOfRow = new Map(induction.targets.map(([query, key]) => [query!, key!]));
  const inductionHead = attendingTo(tokens.map((_, query) => keyOfRow.get(query) ?? 0));

  it("of previous tokens score 1 over the rows with a target, and less over all", () => {
    const head = attendingTo([0, 0, 1, 2]);
    expect(scoreOf(detectionScore(head, previous))).toBeCloseTo(perfectPrevious.mul.value, 12);
    expect(scoreOf(detectionScore(head, previous, { measure: "abs" }))).toBeCloseTo(perfectPrevious.abs.value, 12);
    expect(scoreOf(patternMass(head, previous))).toBe(perfectPrevious.strict.value);
  });

  it("of induction score 1 by prefix matching, and less over all rows or along the stripe", () => {
    expect(prefixMatching(inductionHead, { ids: [tokens] }).perHead[0]).toMatchObject({ score: 1, lift: 1, rowsUsed: 3 });
    const pattern = inductionPattern([tokens]);
    expect(scoreOf(detectionScore(inductionHead, pattern))).toBeCloseTo(induction.mul.value, 12);
    expect(scoreOf(detectionScore(inductionHead, pattern, { measure: "abs" }))).toBeCloseTo(induction.abs.value, 12);
    expect(scoreOf(offsetMass(inductionHead, { offset: -2 }))).toBeCloseTo(induction.stripe.value, 12);
  });

  it("of the first token have a stripe, but no prefix matching", () => {
    const sink = attendingTo(tokens.map(() => 0));
    expect(scoreOf(offsetMass(sink, { offset: -2 }))).toBeCloseTo(induction.stripeOfSink.value, 12);
    expect(prefixMatching(sink, { ids: [tokens] }).perHead[0]).toMatchObject({ score: 0, rowsUsed: 3 });
  });

  it("of duplicate tokens score 1 over the rows with an earlier copy", () => {
    const head = attendingTo([0, 0, 0, 0, 1, 2, 3]);
    expect(duplicateTokenMass(head, { ids: [tokens] }).perHead[0]).toMatchObject({ score: 1, lift: 1, rowsUsed: 3 });
    expect(scoreOf(patternMass(head, duplicateTokenPattern([tokens])))).toBe(1);
  });
});

describe("content dependence", () => {
  it("has the paper's value of two inputs", () => {
    const maps = attentionMaps([0.5, 0.5, 1, 0], [2, 1, 1, 2], { mask: null });
    expect(contentDependence(maps).perHead[0]).toMatchObject({ score: reference.contentDependence.value, nullScore: 0, rowsUsed: 2 });
  });
});
