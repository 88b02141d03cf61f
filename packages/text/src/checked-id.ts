import { describeValue, refuse, ValueError } from "@tfblocks/tensor-utils";

/** An id that an int32 tensor holds as it is: NaN would become 0 there, and 2^32 + 1 become 1. @throws ValueError */
export function checkedId(operation: string, argument: () => string, id: number): number {
  if (typeof id === "number" && id === (id | 0)) return id;
  return refuse(ValueError, operation, argument(), "an int32", describeValue(id));
}
