import { checkInteger } from "@tfblocks/tensor-utils";
import type { Mask } from "../mask.js";
import { RuleMask } from "../rule-mask.js";
import { intervalRule } from "./interval-rule.js";

/**
 * floor(key / size) = floor(query / size): the same chunk of positions.
 *
 * @throws ValueError when the size is not an integer >= 1
 */
export function chunked(size: number): Mask {
  checkInteger("chunked", "size", size, 1);
  const first = (_batch: number, query: number): number => query - (query % size);
  return new RuleMask(intervalRule({ json: { type: "chunked", size }, first, last: (batch, query) => first(batch, query) + size - 1 }));
}
