import { checkObject, checkUnknown } from "@tfblocks/tensor-utils";

/** The names that an object may have. */
export type Known<Options> = Readonly<Record<keyof Options, true>>;

/** Refuses names that are not known. @throws ValueError that lists them, or when there is no object */
export function checkKnown<Options extends object>(operation: string, argument: string, options: Options, known: Known<Options>): void {
  const unknown = Object.entries(checkObject(operation, argument, options)).filter(([name]) => !Object.hasOwn(known, name));
  checkUnknown(operation, argument, Object.fromEntries(unknown));
}
