import { type Check, checkAtMost, checkEqual } from "../check.js";
import { embedTokens } from "../embed-tokens.js";
import { lessonAttention, type LessonSettings, resolveSettings } from "../lesson-attention.js";
import { largestDifference, rowSumDeviation } from "../numbers.js";
import { recomputeContext } from "../recompute-context.js";
import { tokenToFollow, type TokenWalk, walkToken } from "../token-walk.js";
import { type AttentionTrace, traceAttention } from "../trace-attention.js";

/** The result of {@link selfAttention} and {@link crossAttention}. */
export interface AttentionExperiment {
  readonly trace: AttentionTrace;
  /** One token in head 0. */
  readonly walk: TokenWalk;
  readonly checks: readonly Check[];
}

/** Self-attention: queries, keys and values come from the same text. */
export async function selfAttention(tokens: readonly string[], settings: LessonSettings = {}): Promise<AttentionExperiment> {
  const { dModel, numHeads, seed } = resolveSettings("selfAttention", settings);
  const attention = lessonAttention({ dModel, numHeads, seed });
  const vectors = embedTokens(tokens, { dModel, seed });
  try {
    const text = { tokens, vectors };
    const trace = await traceAttention(attention, text, text);
    const walk = walkToken(trace, tokenToFollow(tokens));
    return { trace, walk, checks: traceChecks(trace, walk) };
  } finally {
    vectors.dispose();
    attention.dispose();
  }
}

/** Checks for every attention call: shapes, row sums, and the steps compared with one call. */
export function traceChecks(trace: AttentionTrace, walk: TokenWalk): Check[] {
  const { queryTokens, keyTokens, dModel, numHeads, steps, weights, output, outputOfOneCall } = trace;
  const shapeOf = (name: string) => steps.find((step) => step.name === name)!.shape;
  return [
    checkEqual("the output has the shape of the query input", shapeOf("output"), [1, queryTokens.length, dModel]),
    checkEqual("the weights are [batch, heads, queries, keys]", shapeOf("weights"), [1, numHeads, queryTokens.length, keyTokens.length]),
    checkAtMost("each row of weights sums to 1, largest deviation", rowSumDeviation(weights)),
    checkAtMost(
      "the context of the printed token, recomputed in plain loops, largest difference",
      largestDifference(recomputeContext(trace, walk), walk.context),
    ),
    checkAtMost("the steps equal one call of MultiHeadAttention, largest difference", largestDifference(output, outputOfOneCall)),
  ];
}
