import type { Tensor } from "@tensorflow/tfjs-core";
import { scope } from "@tfblocks/tensor-utils";
import { checkCall } from "./attention-call.js";
import type { AttentionOptions, AttentionResult } from "./attention-options.js";
import { composedAttention } from "./composed-attention.js";
import { canFuse, fusedAttention } from "./fused-attention.js";

/** Computes `scaledDotProductAttention`; errors name the operation that the user called. */
export function attend(operation: string, query: Tensor, key: Tensor, value: Tensor, options: AttentionOptions): AttentionResult {
  const call = checkCall(operation, query, key, value, options);
  return scope(() => (canFuse(call) ? fusedAttention(call) : composedAttention(call)));
}
