import { describeValue } from "./describe-value.js";
import { ValueError } from "./errors.js";

/** @throws ValueError when the value is no number of the wanted kind */
export function checkNumber(
  operation: string,
  argument: string,
  expected: string,
  value: unknown,
  isRight: (value: number) => boolean,
): void {
  if (typeof value === "number" && isRight(value)) return;
  throw new ValueError({ operation, argument, expected, received: describeValue(value) });
}

/** Whether a number is a dropout rate: 0 <= rate < 1. */
export function isRate(value: number): boolean {
  return value >= 0 && value < 1;
}

/** Whether a number is finite and above 0, also once rounded to float32. */
export function isPositive(value: number): boolean {
  return isFiniteFloat(value) && Math.fround(value) > 0;
}

/** Whether a number is finite, also once rounded to float32: 1e39 is not. */
export function isFiniteFloat(value: number): boolean {
  return Number.isFinite(Math.fround(value));
}
