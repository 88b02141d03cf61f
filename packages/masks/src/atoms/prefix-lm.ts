import { checkInteger } from "@tfblocks/tensor-utils";
import { checkBatch, checkIntegers } from "../check.js";
import type { Mask } from "../mask.js";
import { RuleMask } from "../rule-mask.js";
import { intervalRule } from "./interval-rule.js";

/**
 * key < prefixLength or key <= query: every query attends to the whole prefix, and causally after it.
 *
 * @param prefixLength one for all, or `[batch]`
 * @throws ValueError when a length is not an integer >= 0
 */
export function prefixLM(prefixLength: number | readonly number[]): Mask {
  const lengths =
    typeof prefixLength === "object"
      ? checkBatch("prefixLM", "prefixLength", checkIntegers("prefixLM", "prefixLength", prefixLength))
      : [prefixLength];
  if (typeof prefixLength !== "object") checkInteger("prefixLM", "prefixLength", prefixLength, 0);
  return new RuleMask(
    intervalRule({
      batch: lengths.length,
      json: { type: "prefixLM", prefixLength: lengths.length === 1 ? lengths[0]! : lengths },
      first: () => 0,
      last: (batch, query) => Math.max(query, lengths[batch]! - 1),
    }),
  );
}
