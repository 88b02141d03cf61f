import type { Tensor } from "@tensorflow/tfjs-core";
import { scope } from "@tfblocks/tensor-utils";
import { checkCall, type KeysAndValues } from "./attention-call.js";
import type { AttentionOptions, AttentionResult } from "./attention-options.js";
import { composedAttention } from "./composed-attention.js";
import { canFuse, fusedAttention } from "./fused-attention.js";

/** Computes `scaledDotProductAttention`; errors name the operation that the user called. */
export function attend(operation: string, query: Tensor, keysValues: KeysAndValues, options: AttentionOptions): AttentionResult {
  const call = checkCall(operation, query, keysValues, options);
  return scope(() => (canFuse(call) ? fusedAttention(call) : composedAttention(call)));
}
