import type { ArgumentError, ArgumentFault } from "./errors.js";

/** Throws an error with the message `operation: argument must be expected, got received; advice`. */
export function refuse(
  Kind: new (fault: ArgumentFault) => ArgumentError,
  operation: string,
  argument: string,
  expected: string,
  received: unknown,
  advice?: string,
): never {
  throw new Kind({ operation, argument, expected, received: String(received), ...(advice && { advice }) });
}
