import { checkInteger, checkNumber, checkOptions } from "@tfblocks/tensor-utils";
import { type Cut, isBelow, lastKept } from "./largest.js";
import type { LogitsProcessor } from "./logits-processor.js";
import { possibleOf } from "./possible.js";
import { largestOf, softmax, totalOf } from "./softmax.js";

/** Options of {@link topK}, {@link topP} and {@link minP}. */
export interface NarrowOptions {
  /** The number of likeliest tokens that are kept in any case; default 1. */
  readonly minTokensToKeep?: number;
}

/**
 * Keeps the k likeliest tokens, and those that are as likely as the last of them.
 *
 * @throws ValueError when k is not an integer >= 1
 */
export function topK(k: number, options: NarrowOptions = {}): LogitsProcessor {
  checkInteger("topK", "k", k, 1);
  const count = Math.max(k, kept("topK", options));
  return (logits) => {
    const { value } = lastKept(logits, undefined, (before) => before < count);
    for (let id = 0; id < logits.length; id++) if (logits[id]! < value) logits[id] = -Infinity;
  };
}

/**
 * Keeps the fewest likeliest tokens whose probabilities add up to at least p. Of equally likely tokens those with the larger
 * ids come first, as in transformers. 1 keeps all. Source: Holtzman et al. 2019.
 *
 * @param p 0 <= p <= 1
 */
export function topP(p: number, options: NarrowOptions = {}): LogitsProcessor {
  checkNumber("topP", "p", "a number in [0, 1]", p, (value) => value >= 0 && value <= 1);
  const count = kept("topP", options);
  const rest = Math.fround(1 - p);
  return (all) => {
    if (p === 1) return;
    const { ids, logits } = possibleOf(all);
    const probabilities = softmax(logits);
    const total = totalOf(probabilities);
    // As transformers rounds it: a token goes when it and all less likely ones have at most 1 - p together.
    const cut = lastKept(logits, probabilities, (before) => Math.fround(total - before) > rest);
    const always = firstOf(logits, count);
    const last = isBelow(cut, always.value, always.index) ? always : cut;
    for (let at = 0; at < ids.length; at++) if (isBelow(last, logits[at]!, at)) all[ids[at]!] = -Infinity;
  };
}

/**
 * Keeps the tokens at least p times as likely as the likeliest. Source: Nguyen et al. 2024.
 *
 * @param p 0 <= p <= 1
 */
export function minP(p: number, options: NarrowOptions = {}): LogitsProcessor {
  checkNumber("minP", "p", "a number in [0, 1]", p, (value) => value >= 0 && value <= 1);
  const count = kept("minP", options);
  return (all) => {
    const { ids, logits } = possibleOf(all);
    const probabilities = softmax(logits);
    const least = Math.fround(Math.fround(p) * largestOf(probabilities));
    const always = firstOf(logits, count);
    for (let at = 0; at < ids.length; at++) {
      if (probabilities[at]! < least && isBelow(always, logits[at]!, at)) all[ids[at]!] = -Infinity;
    }
  };
}

/** The last of the `count` likeliest tokens, which are kept in any case. The likeliest one always is. */
function firstOf(logits: Float32Array, count: number): Cut {
  return count === 1 ? { value: Infinity, index: 0 } : lastKept(logits, undefined, (before) => before < count);
}

function kept(operation: string, options: NarrowOptions): number {
  const { minTokensToKeep = 1 } = checkOptions(operation, options, { minTokensToKeep: true });
  checkInteger(operation, "minTokensToKeep", minTokensToKeep, 1);
  return minTokensToKeep;
}
