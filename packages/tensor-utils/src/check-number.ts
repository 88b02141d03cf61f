import { describeValue } from "./describe-value.js";
import { ValueError } from "./errors.js";
import { refuse } from "./refuse.js";

/**
 * Checks that a number satisfies a rule.
 *
 * @param expected the rule in words that follow "must be"
 * @throws ValueError when the value is not a number or violates the rule
 */
export function checkNumber(
  operation: string,
  argument: string,
  expected: string,
  value: unknown,
  isRight: (value: number) => boolean,
): void {
  if (typeof value === "number" && isRight(value)) return;
  refuse(ValueError, operation, argument, expected, describeValue(value));
}

/**
 * Checks that a number is an integer within bounds.
 *
 * @throws ValueError when it is not
 */
export function checkInteger(
  operation: string,
  argument: string,
  value: unknown,
  min: number,
  max: number = Number.MAX_SAFE_INTEGER,
): asserts value is number {
  if (typeof value === "number" && Number.isInteger(value) && value >= min && value <= max) return;
  const expected = max === Number.MAX_SAFE_INTEGER ? `an integer >= ${min}` : `an integer from ${min} to ${max}`;
  refuse(ValueError, operation, argument, expected, describeValue(value));
}

/** Checks that a number is finite after rounding to float32. @throws ValueError when it is not */
export function checkFinite(operation: string, argument: string, value: unknown): void {
  checkNumber(operation, argument, "a finite float32 number", value, isFiniteFloat);
}

/** Checks that a number is finite and > 0 after rounding to float32. @throws ValueError when it is not */
export function checkPositive(operation: string, argument: string, value: unknown): void {
  checkNumber(operation, argument, "a finite float32 number > 0", value, isPositive);
}

/** Checks a dropout rate: 0 <= rate < 1. @throws ValueError when it is outside this range */
export function checkRate(operation: string, argument: string, value: unknown): void {
  checkNumber(operation, argument, "a number in [0, 1)", value, (rate) => rate >= 0 && rate < 1);
}

/** Checks a seed: an integer from 0 to 2^32 - 1. @throws ValueError when it is not */
export function checkSeed(operation: string, seed: unknown): asserts seed is number {
  checkInteger(operation, "seed", seed, 0, 2 ** 32 - 1);
}

/**
 * The seed for dropout, or undefined when dropout does not apply: outside training, or at a rate of 0.
 *
 * @throws ValueError when dropout applies and the seed is missing or not an integer from 0 to 2^32 - 1
 */
export function dropoutSeed(
  operation: string,
  rate: number,
  { training = false, seed }: { readonly training?: boolean | undefined; readonly seed?: number | undefined },
): number | undefined {
  if (!training || rate === 0) return undefined;
  if (seed === undefined) {
    refuse(ValueError, operation, "seed", "set when training with dropout", "undefined", "pass a different integer at each step");
  }
  checkSeed(operation, seed);
  return seed;
}

/** Whether a number is finite and > 0 after rounding to float32. */
export function isPositive(value: number): boolean {
  return isFiniteFloat(value) && Math.fround(value) > 0;
}

/** Whether a number is finite after rounding to float32; 1e39 is not. */
export function isFiniteFloat(value: number): boolean {
  return Number.isFinite(Math.fround(value));
}
