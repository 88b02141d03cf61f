import { describeValue, refuse, ValueError } from "@tfblocks/tensor-utils";

/** The token of each id. @throws ValueError that names the first id without one */
export function tokensOf(
  operation: string,
  ids: ArrayLike<number>,
  tokenOf: (id: number) => string | undefined,
  vocabSize: number,
): string[] {
  return Array.from(ids, (id, at) => {
    const token = tokenOf(id);
    return token ?? refuse(ValueError, operation, `ids[${at}]`, `a token, from 0 to ${vocabSize - 1}`, describeValue(id));
  });
}
