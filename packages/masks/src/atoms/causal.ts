import { checkInteger, checkObject } from "@tfblocks/tensor-utils";
import type { Mask } from "../mask.js";
import { RuleMask } from "../rule-mask.js";
import { intervalRule } from "./interval-rule.js";

/**
 * key <= query + offset on absolute positions. The offset is part of the rule (-1 hides the query's own position);
 * where a KV cache stands belongs in the sizes, as queryOffset.
 *
 * @throws ValueError when offset is no integer
 */
export function causal(options: { readonly offset?: number } = {}): Mask {
  const { offset = 0 } = checkObject("causal", "options", options);
  checkInteger("causal", "offset", offset, -Number.MAX_SAFE_INTEGER);
  return new RuleMask(intervalRule({ json: { type: "causal", offset }, first: () => 0, last: (_batch, query) => query + offset }));
}
