import { refuse, ValueError } from "@tfblocks/tensor-utils";

/**
 * Refuses one of two parts that work only together: alone it would hold parameters that nothing uses.
 *
 * @throws ValueError that names the missing one
 */
export function checkPair(operation: string, pair: Readonly<Record<string, object | undefined>>): void {
  const missing = Object.keys(pair).find((name) => pair[name] === undefined);
  const given = Object.keys(pair).find((name) => pair[name] !== undefined);
  if (missing !== undefined && given !== undefined) refuse(ValueError, operation, missing, `given with ${given}`, "undefined");
}
