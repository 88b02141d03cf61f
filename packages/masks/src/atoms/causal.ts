import { checkInteger, checkOptions } from "@tfblocks/tensor-utils";
import type { Mask } from "../mask.js";
import { RuleMask } from "../rule-mask.js";
import { intervalRule } from "./interval-rule.js";

/** The mask of `causal()`. Layers of a model share it, so that it is encoded for kernels only once. */
let withoutOffset: Mask | undefined;

/**
 * key <= query + offset on absolute positions. The offset is part of the rule: -1 hides the query's own position. The
 * position of a KV cache belongs in the sizes, as `queryOffset`. Without an offset, every call returns the same object.
 *
 * @throws ValueError when the offset is not an integer
 */
export function causal(options: { readonly offset?: number } = {}): Mask {
  const { offset = 0 } = checkOptions("causal", options, { offset: true });
  checkInteger("causal", "offset", offset, -Number.MAX_SAFE_INTEGER);
  return offset === 0 ? (withoutOffset ??= shifted(0)) : shifted(offset);
}

function shifted(offset: number): Mask {
  return new RuleMask(intervalRule({ json: { type: "causal", offset }, first: () => 0, last: (_batch, query) => query + offset }));
}
