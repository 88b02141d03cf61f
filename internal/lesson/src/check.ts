/** A property that was checked, and the number that was measured. */
export interface Check {
  readonly name: string;
  /** `skipped` when there is nothing to check, for example with a single token. */
  readonly status: "ok" | "failed" | "skipped";
  /** The measured value; null when skipped. */
  readonly measured: number | string | null;
  /** What the value must be, as the end of a sentence "it must be …"; the reason when skipped. */
  readonly expected: string;
}

/** An upper limit for the rounding errors of float32 sums over a few hundred terms. */
export const roundingLimit = 1e-5;

/** Passes if a number is at most a limit; NaN fails. */
export function checkAtMost(name: string, measured: number, limit: number = roundingLimit): Check {
  return { name, status: measured <= limit ? "ok" : "failed", measured, expected: `at most ${short(limit)}` };
}

/** Passes if a number is above a bound; NaN fails. */
export function checkAbove(name: string, measured: number, bound: number): Check {
  return { name, status: measured > bound ? "ok" : "failed", measured, expected: `above ${short(bound)}` };
}

/** Passes if two numbers or two shapes are equal. */
export function checkEqual(name: string, measured: number | readonly number[], expected: number | readonly number[]): Check {
  const [left, right] = [describe(measured), describe(expected)];
  return { name, status: left === right ? "ok" : "failed", measured: typeof measured === "number" ? measured : left, expected: right };
}

/** A check that was skipped, with the reason. */
export function skippedCheck(name: string, reason: string): Check {
  return { name, status: "skipped", measured: null, expected: reason };
}

function short(limit: number): string {
  return limit > 0 && limit < 1e-3 ? limit.toExponential() : String(limit);
}

function describe(value: number | readonly number[]): string {
  return typeof value === "number" ? String(value) : `[${value.join(", ")}]`;
}
