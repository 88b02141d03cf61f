import { checkObject, checkUnknown } from "@tfblocks/tensor-utils";

/** Refuses names that are not among the known ones, a list with spaces. @throws ValueError that lists them, or when there is no object */
export function checkKnown(operation: string, argument: string, options: object, known: string): void {
  const names = new Set(known.split(" "));
  const unknown = Object.entries(checkObject(operation, argument, options)).filter(([name]) => !names.has(name));
  checkUnknown(operation, argument, Object.fromEntries(unknown));
}
