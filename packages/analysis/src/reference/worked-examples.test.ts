import { describe, expect, it } from "vitest";
import reference from "@tfblocks/fixtures/analysis-reference";
import {
  attentionDistance,
  attentionMaps,
  attentionSink,
  effectiveKeys,
  entropy,
  firstTokenMass,
  headDiversity,
  normalizedEntropy,
  offsetMass,
  offsetSpectrum,
  previousTokenMass,
  selfMass,
} from "../index.js";

const everyRow = { minKeys: 1 };
const causal = { mask: { at: (_batch: number, _head: number, query: number, key: number) => key <= query } };
const F1 = attentionMaps(reference.F1.weights.flat(), [1, 1, 4, 4], causal);

function uniformCausal(length: number) {
  const weights = Array.from({ length: length * length }, (_, cell) =>
    cell % length <= Math.floor(cell / length) ? 1 / (Math.floor(cell / length) + 1) : 0,
  );
  return attentionMaps(weights, [1, 1, length, length], causal);
}

function expectAll(received: readonly (number | null)[], expected: readonly (number | null)[], digits = 12) {
  expect(received.length).toBe(expected.length);
  expected.forEach((value, index) =>
    value === null ? expect(received[index]).toBeNull() : expect(received[index]).toBeCloseTo(value, digits),
  );
}

describe("metrics of the worked causal example", () => {
  const { F1: known } = reference;

  it("gives the entropy of each row, and the mean with and without the row of one key", () => {
    expectAll(entropy(F1, everyRow).perHead[0]!.values, known.rowEntropy.value);
    expect(entropy(F1, everyRow).perHead[0]!.score).toBeCloseTo(known.meanEntropyAllRows.value, 12);
    expect(entropy(F1).perHead[0]!.score).toBeCloseTo(known.meanEntropy.value, 12);
    expect(Object.is(entropy(F1, everyRow).perHead[0]!.values[0], 0)).toBe(true);
  });

  it("gives normalised entropy and effective keys", () => {
    expectAll(normalizedEntropy(F1).perHead[0]!.values, [null, ...known.normalizedEntropy.value]);
    expect(normalizedEntropy(F1).perHead[0]!.score).toBeCloseTo(known.meanNormalizedEntropy.value, 12);
    expectAll(effectiveKeys(F1, everyRow).perHead[0]!.values, known.effectiveKeys.value);
  });

  it("gives previous-token, self and first-token mass", () => {
    expect(previousTokenMass(F1).perHead[0]!.score).toBeCloseTo(known.previous.value, 12);
    expect(offsetMass(F1, { offset: -1 }).perHead).toEqual(previousTokenMass(F1).perHead);
    expect(selfMass(F1, everyRow).perHead[0]!.score).toBeCloseTo(known.selfAllRows.value, 12);
    expect(firstTokenMass(F1, everyRow).perHead[0]!.score).toBeCloseTo(known.firstAllRows.value, 12);
    expect(firstTokenMass(F1).perHead[0]!.score).toBeCloseTo(known.first.value, 12);
  });

  it("gives the mean distance", () => {
    expect(attentionDistance(F1, everyRow).perHead[0]!.score).toBeCloseTo(known.distanceAllRows.value, 12);
  });

  it("finds a sink by the paper's test on all rows, but not by the lift", () => {
    expect(attentionSink(F1, { ...everyRow, criterion: "mass" })).toMatchObject({ sinkRate: 1, perHead: [{ isSink: true }] });
    expect(attentionSink(F1, { criterion: "mass" })).toMatchObject({ sinkRate: 0, perHead: [{ isSink: false }] });
    expect(attentionSink(F1).sinkRate).toBe(0);
  });
});

describe("metrics of uniform attention under a causal mask", () => {
  const { uniformCausalPrevious: previous, uniformCausalFirstAllRows: first, uniformCausalDistanceAllRows: distance } = reference;

  it.each(Object.entries(previous.value))("previous and first token at length %s", (length, value) => {
    const n = Number(length);
    const maps = uniformCausal(n);
    const exact = (harmonic(n) - 1) / (n - 1);
    expect(value).toBeCloseTo(exact, 4);
    for (const metric of [previousTokenMass, firstTokenMass]) expect(metric(maps).perHead[0]!.nullScore).toBeCloseTo(exact, 12);
  });

  it.each(Object.entries(first.value))("first token in all rows at length %s", (length, value) => {
    const [head] = firstTokenMass(uniformCausal(Number(length)), everyRow).perHead;
    expect(head!.nullScore).toBeCloseTo(value, 12);
    expect(head!.score).toBeCloseTo(value, 12);
  });

  it.each(Object.entries(distance.value))("distance in all rows at length %s", (length, value) => {
    expect(attentionDistance(uniformCausal(Number(length)), everyRow).perHead[0]!.nullScore).toBeCloseTo(value, 12);
  });

  it.each([4, 8, 16, 32, 64])("entropy at length %i", (length) => {
    const maps = uniformCausal(length);
    expect(normalizedEntropy(maps).perHead[0]!.nullScore).toBeCloseTo(1, 12);
    const logarithms = Array.from({ length }, (_, row) => Math.log(row + 1));
    expectAll(entropy(maps, everyRow).perHead[0]!.nullValues, logarithms);
  });
});

describe("uniform attention under a causal mask", () => {
  it("is a sink by the paper's test up to length 9, but never by the lift", () => {
    const rate = (length: number, criterion: "lift" | "mass") => attentionSink(uniformCausal(length), { ...everyRow, criterion }).sinkRate;
    expect([8, 9, 10, 64].map((length) => rate(length, "mass"))).toEqual([1, 1, 0, 0]);
    expect([4, 8, 9, 10, 64].map((length) => rate(length, "lift"))).toEqual([0, 0, 0, 0, 0]);
  });

  it("has the closed form at each offset of the spectrum", () => {
    const bars = offsetSpectrum(uniformCausal(8)).perHead[0]!.bars;
    expect(bars.map(({ offset, rowsUsed }) => [offset, rowsUsed])).toEqual([
      [-7, 1],
      [-6, 2],
      [-5, 3],
      [-4, 4],
      [-3, 5],
      [-2, 6],
      [-1, 7],
      [0, 7],
    ]);
    for (const { offset, nullScore } of bars.slice(0, -1)) {
      expect(nullScore).toBeCloseTo((harmonic(8) - harmonic(-offset)) / (8 + offset), 12);
    }
  });
});

describe("head diversity", () => {
  const { jensenShannon: known } = reference;
  const twoHeads = (first: number[], second: number[], mask: typeof causal.mask | null) =>
    attentionMaps([...first, ...second], [1, 2, first.length / 2, 2], { mask });

  it("gives the distance between two rows in bits, in nats and as a metric", () => {
    const { score } = headDiversity(twoHeads([0.5, 0.5], [1, 0], null));
    expect(score).toBeCloseTo(known.halfAgainstOne.value, 12);
    expect(score! * Math.LN2).toBeCloseTo(known.halfAgainstOneNats.value, 12);
    expect(Math.sqrt(score!)).toBeCloseTo(known.halfAgainstOneMetric.value, 12);
    expect(headDiversity(twoHeads([0, 1], [1, 0], null)).score! * Math.LN2).toBeCloseTo(known.disjointNats.value, 12);
  });

  it("skips the row of one key by default", () => {
    const maps = twoHeads([1, 0, 0.5, 0.5], [1, 0, 1, 0], causal.mask);
    expect(headDiversity(maps).score).toBeCloseTo(known.halfAgainstOne.value, 12);
    expect(headDiversity(maps, everyRow).score).toBeCloseTo(known.twoHeadsAllRows.value, 12);
  });
});

function harmonic(n: number): number {
  return n === 0 ? 0 : 1 / n + harmonic(n - 1);
}
