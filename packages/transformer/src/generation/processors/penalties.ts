import { checkFinite, checkPositive } from "@tfblocks/tensor-utils";
import type { LogitsProcessor } from "./logits-processor.js";

/**
 * Divides the positive logits of tokens of the row, prompt included, by the penalty and multiplies the negative ones with it.
 * 1 changes nothing. Source: Keskar et al. 2019.
 */
export function repetitionPenalty(penalty: number): LogitsProcessor {
  checkPositive("repetitionPenalty", "penalty", penalty);
  const factor = Math.fround(penalty);
  return (logits, { ids }) => {
    for (const id of new Set(ids)) if (id < logits.length) logits[id] = logits[id]! < 0 ? logits[id]! * factor : logits[id]! / factor;
  };
}

/** Subtracts the penalty from the logits of tokens that were generated before: logit - penalty · (count > 0). Source: the API of OpenAI. */
export function presencePenalty(penalty: number): LogitsProcessor {
  checkFinite("presencePenalty", "penalty", penalty);
  const amount = Math.fround(penalty);
  return (logits, { ids, promptLength }) => {
    for (const id of new Set(ids.slice(promptLength))) if (id < logits.length) logits[id]! -= amount;
  };
}

/** Subtracts the penalty for each time that a token was generated before: logit - penalty · count. Source: the API of OpenAI. */
export function frequencyPenalty(penalty: number): LogitsProcessor {
  checkFinite("frequencyPenalty", "penalty", penalty);
  const amount = Math.fround(penalty);
  return (logits, { ids, promptLength }) => {
    for (const [id, count] of countsOf(ids.slice(promptLength))) if (id < logits.length) logits[id]! -= amount * count;
  };
}

function countsOf(ids: readonly number[]): Map<number, number> {
  const counts = new Map<number, number>();
  for (const id of ids) counts.set(id, (counts.get(id) ?? 0) + 1);
  return counts;
}
