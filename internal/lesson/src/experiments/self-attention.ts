import { type Check, checkAtMost, checkEqual } from "../check.js";
import { embedTokens } from "../embed-tokens.js";
import { lessonAttention, type LessonSettings, withDefaults } from "../lesson-attention.js";
import { largestDifference, rowSumDeviation } from "../numbers.js";
import { recomputeContext } from "../recompute-context.js";
import { tokenToFollow, type TokenWalk, walkToken } from "../token-walk.js";
import { type AttentionTrace, traceAttention } from "../trace-attention.js";

/** What {@link selfAttention} and {@link crossAttention} give. */
export interface AttentionExperiment {
  readonly trace: AttentionTrace;
  /** One token followed through head 0. */
  readonly walk: TokenWalk;
  readonly checks: readonly Check[];
}

/** Self-attention: queries, keys and values all come from one text. */
export async function selfAttention(tokens: readonly string[], settings: LessonSettings = {}): Promise<AttentionExperiment> {
  const { dModel, seed } = withDefaults(settings);
  const attention = lessonAttention(settings);
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

/** What holds for every attention call: shapes, rows of weights, and the steps against one call. */
export function traceChecks(trace: AttentionTrace, walk: TokenWalk): Check[] {
  const { queryTokens, keyTokens, dModel, numHeads, steps, weights, output, outputOfOneCall } = trace;
  const shapeOf = (name: string) => steps.find((step) => step.name === name)!.shape;
  return [
    checkEqual("the output has the shape of the queries that came in", shapeOf("output"), [1, queryTokens.length, dModel]),
    checkEqual("the weights are [batch, heads, queries, keys]", shapeOf("weights"), [1, numHeads, queryTokens.length, keyTokens.length]),
    checkAtMost("each row of weights sums to 1, largest deviation", rowSumDeviation(weights)),
    checkAtMost(
      "the printed token, recomputed in plain loops: its context, largest difference",
      largestDifference(recomputeContext(trace, walk), walk.context),
    ),
    checkAtMost("step by step equals one call of MultiHeadAttention, largest difference", largestDifference(output, outputOfOneCall)),
  ];
}
