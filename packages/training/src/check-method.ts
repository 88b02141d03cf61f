import { describeValue, refuse, ValueError } from "@tfblocks/tensor-utils";

/** @throws ValueError when a value has no method of that name */
export function checkMethod(operation: string, argument: string, method: string, value: unknown): void {
  if (typeof (value as Record<string, unknown> | undefined)?.[method] === "function") return;
  refuse(ValueError, operation, argument, `an object with ${method}()`, describeValue(value));
}
