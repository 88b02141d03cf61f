import { expect } from "vitest";
import type { HeadScore } from "../index.js";

/** Expects the mean of the numbers in a list with nulls. */
export function expectMean(score: number | null, values: readonly (number | null)[]) {
  const used = values.filter((value) => value !== null);
  if (used.length === 0) expect(score).toBeNull();
  else expect(score).toBeCloseTo(used.reduce((sum, value) => sum + value, 0) / used.length, 12);
}

/** Expects the numbers of a score, null where they are. */
export function expectSameScore(received: Pick<HeadScore, "score" | "nullScore" | "lift" | "rowsUsed">, expected: HeadScore) {
  expect(received.rowsUsed).toBe(expected.rowsUsed);
  for (const part of ["score", "nullScore", "lift"] as const) {
    if (expected[part] === null) expect(received[part]).toBeNull();
    else expect(received[part]).toBeCloseTo(expected[part], 9);
  }
}
