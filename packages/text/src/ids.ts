import { describeValue, refuse, ValueError } from "@tfblocks/tensor-utils";

/**
 * An id that fits into int32. An int32 tensor would silently store NaN as 0 and 2^32 + 1 as 1.
 *
 * @throws ValueError when the id is not an int32
 */
export function checkedId(operation: string, argument: () => string, id: number): number {
  if (typeof id === "number" && id === (id | 0)) return id;
  return refuse(ValueError, operation, argument(), "an int32", describeValue(id));
}

/** The token of each id. @throws ValueError that names the first id without a token */
export function tokensOf(
  operation: string,
  ids: ArrayLike<number>,
  tokenOf: (id: number) => string | undefined,
  vocabSize: number,
): string[] {
  return Array.from(ids, (id, at) => {
    const token = tokenOf(id);
    return token ?? refuse(ValueError, operation, `ids[${at}]`, `the id of a token, 0 to ${vocabSize - 1}`, describeValue(id));
  });
}
