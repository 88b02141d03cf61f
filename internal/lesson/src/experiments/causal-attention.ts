import { concat, slice, type Tensor } from "@tensorflow/tfjs-core";
import type { MultiHeadAttention } from "@tfblocks/attention";
import { GrowingCache } from "@tfblocks/attention/caches";
import { causal } from "@tfblocks/masks";
import { assertCausal, LeakError } from "@tfblocks/masks/leaks";
import { scope } from "@tfblocks/tensor-utils";
import { type Check, checkAbove, checkAtMost, checkEqual, skippedCheck } from "../check.js";
import { embedTokens } from "../embed-tokens.js";
import { lessonAttention, type LessonSettings, resolveSettings } from "../lesson-attention.js";
import { largestDifference, type Matrix, readFirst } from "../numbers.js";
import { tokenToFollow, walkToken } from "../token-walk.js";
import { type AttentionTrace, traceAttention } from "../trace-attention.js";
import { type AttentionExperiment, traceChecks } from "./self-attention.js";

/** The result of {@link causalAttention}. */
export interface CausalExperiment extends AttentionExperiment {
  /** The number of masked cells in all heads, and how many of their weights are not exactly 0. */
  readonly masked: { readonly cells: number; readonly notZero: number };
  /** Why one query may not attend to the last key, as the mask explains it; null with one token. */
  readonly explanation: string | null;
}

/** Causal self-attention: each token attends to itself and earlier tokens, so text can be generated token by token. */
export async function causalAttention(tokens: readonly string[], settings: LessonSettings = {}): Promise<CausalExperiment> {
  const { dModel, numHeads, seed } = resolveSettings("causalAttention", settings);
  const attention = lessonAttention({ dModel, numHeads, seed });
  const vectors = embedTokens(tokens, { dModel, seed });
  try {
    const text = { tokens, vectors };
    const trace = await traceAttention(attention, text, text, causal());
    const walk = walkToken(trace, tokenToFollow(tokens));
    const masked = maskedCells(trace);
    const checks = [
      ...traceChecks(trace, walk),
      checkEqual("weights of masked cells that are not exactly 0", masked.notZero, 0),
      ...(await leakChecks(attention, vectors)),
      await cacheCheck(attention, vectors, trace.output),
    ];
    return { trace, walk, masked, explanation: explainMask(walk.index, tokens.length), checks };
  } finally {
    vectors.dispose();
    attention.dispose();
  }
}

function explainMask(query: number, length: number): string | null {
  return length < 2 ? null : causal().explain(0, 0, Math.min(query, length - 2), length - 1).reason;
}

/** Counts the masked cells, and those whose weight is not exactly 0. */
export function maskedCells({ weights, allowed }: Pick<AttentionTrace, "weights" | "allowed">): { cells: number; notZero: number } {
  const forbidden = weights.flatMap((head) => head.flatMap((row, query) => row.filter((_, key) => !allowed[query]![key])));
  return { cells: forbidden.length, notZero: forbidden.filter((weight) => weight !== 0).length };
}

/** Changes later tokens: earlier outputs must not change with the mask, and must change without it. */
async function leakChecks(attention: MultiHeadAttention, vectors: Tensor): Promise<Check[]> {
  const names = [
    "later tokens do not change earlier outputs (assertCausal), largest change",
    "without the mask they do (the leak is found), a change of",
  ] as const;
  if (vectors.shape[1]! < 2) return names.map((name) => skippedCheck(name, "a single token has no later token"));
  const withMask = await largestLeak((x) => attention.apply(x, x, x, { mask: causal(), needWeights: false }).output, vectors);
  const withoutMask = await largestLeak((x) => attention.apply(x, x, x, { needWeights: false }).output, vectors, [1]);
  return [checkEqual(names[0], withMask, 0), checkAbove(names[1], withoutMask, 0)];
}

async function largestLeak(fn: (x: Tensor) => Tensor, vectors: Tensor, positions?: readonly number[]): Promise<number> {
  try {
    await assertCausal(fn, vectors, positions && { positions });
    return 0;
  } catch (error) {
    if (error instanceof LeakError) return error.counterexample.difference;
    throw error;
  }
}

/** Compares decoding token by token, with a key-value cache, with attention over the whole text. */
async function cacheCheck(attention: MultiHeadAttention, vectors: Tensor, output: Matrix): Promise<Check> {
  const cache = new GrowingCache();
  const decoded = scope(() => {
    const steps = Array.from({ length: vectors.shape[1]! }, (_, position) => {
      const token = slice(vectors, [0, position, 0], [1, 1, -1]);
      return attention.apply(token, token, token, { mask: causal(), cache, needWeights: false }).output as Tensor;
    });
    return concat(steps, 1);
  });
  cache.dispose();
  const difference = largestDifference((await readFirst({ decoded })).decoded, output);
  return checkAtMost("decoding with a key-value cache equals attention over the whole text, largest difference", difference);
}
