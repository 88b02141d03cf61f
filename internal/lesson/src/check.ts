/** Something that must hold, with the number that shows it. */
export interface Check {
  readonly name: string;
  /** `skipped` where the input leaves nothing to check, such as one token. */
  readonly status: "ok" | "failed" | "skipped";
  /** What was measured; null when skipped. */
  readonly measured: number | string | null;
  /** What it must be, as words that follow "must be"; why, when skipped. */
  readonly expected: string;
}

/** Rounding of float32 sums over a few hundred terms, with room. */
export const roundingLimit = 1e-5;

/** Holds when a number is at most a limit; NaN is not. */
export function checkAtMost(name: string, measured: number, limit: number = roundingLimit): Check {
  return { name, status: measured <= limit ? "ok" : "failed", measured, expected: `at most ${short(limit)}` };
}

/** Holds when a number is above a bound. */
export function checkAbove(name: string, measured: number, bound: number): Check {
  return { name, status: measured > bound ? "ok" : "failed", measured, expected: `above ${short(bound)}` };
}

/** Holds when two values are the same; shapes are compared by their sizes. */
export function checkEqual(name: string, measured: number | readonly number[], expected: number | readonly number[]): Check {
  const [left, right] = [describe(measured), describe(expected)];
  return { name, status: left === right ? "ok" : "failed", measured: typeof measured === "number" ? measured : left, expected: right };
}

/** Nothing to check, and why. */
export function skippedCheck(name: string, reason: string): Check {
  return { name, status: "skipped", measured: null, expected: reason };
}

function short(limit: number): string {
  return limit > 0 && limit < 1e-3 ? limit.toExponential() : String(limit);
}

function describe(value: number | readonly number[]): string {
  return typeof value === "number" ? String(value) : `[${value.join(", ")}]`;
}
