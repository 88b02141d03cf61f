import { checkInteger } from "@tfblocks/tensor-utils";
import type { LogitsProcessor } from "./logits-processor.js";

/** Rules out the stop tokens while prompt and new tokens are fewer than `length` together. */
export function minLength(length: number, stopTokens: readonly number[]): LogitsProcessor {
  checkInteger("minLength", "length", length, 0);
  return (logits, { ids }) => {
    if (ids.length < length) ruleOut(logits, stopTokens);
  };
}

/** Rules out the stop tokens while there are fewer than `count` new tokens. */
export function minNewTokens(count: number, stopTokens: readonly number[]): LogitsProcessor {
  checkInteger("minNewTokens", "count", count, 0);
  return (logits, { ids, promptLength }) => {
    if (ids.length - promptLength < count) ruleOut(logits, stopTokens);
  };
}

/** Sets the logits of some tokens to -Infinity; ids outside the vocabulary are skipped. */
export function ruleOut(logits: Float32Array, tokens: readonly number[]): void {
  for (const id of tokens) if (id < logits.length) logits[id] = -Infinity;
}
