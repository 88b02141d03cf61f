import { checkNumber, describeValue, isFiniteFloat, refuse, ValueError } from "@tfblocks/tensor-utils";

/** @throws ValueError when a number is negative or not finite */
export function checkNotNegative(operation: string, argument: string, value: unknown): void {
  checkNumber(operation, argument, "a finite float32 number >= 0", value, (number) => isFiniteFloat(number) && number >= 0);
}

/** @throws ValueError when a number of labels is not a finite number >= 0 */
export function checkCount(operation: string, count: unknown): asserts count is number {
  checkNumber(operation, "count", "a finite number of labels >= 0", count, (value) => Number.isFinite(value) && value >= 0);
}

/** @throws ValueError when a value lacks one of the methods */
export function checkMethods(operation: string, argument: string, value: unknown, methods: readonly string[]): void {
  if (methods.every((method) => typeof (value as Record<string, unknown> | null | undefined)?.[method] === "function")) return;
  const named = methods.map((method) => `${method}()`).join(" and ");
  refuse(ValueError, operation, argument, `an object with ${named}`, describeValue(value));
}
