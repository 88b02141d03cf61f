import { describeValue, refuse, ValueError } from "@tfblocks/tensor-utils";

/** @throws ValueError when the value is none of the names */
export function checkOneOf(operation: string, argument: string, names: readonly string[], value: unknown): void {
  if (names.includes(value as string)) return;
  refuse(ValueError, operation, argument, names.map((name) => JSON.stringify(name)).join(" or "), describeValue(value));
}
