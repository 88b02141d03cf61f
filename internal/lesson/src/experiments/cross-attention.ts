import { embedTokens } from "../embed-tokens.js";
import { lessonAttention, type LessonSettings, resolveSettings } from "../lesson-attention.js";
import { tokenToFollow, walkToken } from "../token-walk.js";
import { traceAttention } from "../trace-attention.js";
import { type AttentionExperiment, traceChecks } from "./self-attention.js";

/** Cross-attention: queries come from one text, keys and values from another, as in the decoder of a translation model. */
export async function crossAttention(
  tokens: readonly string[],
  otherTokens: readonly string[],
  settings: LessonSettings = {},
): Promise<AttentionExperiment> {
  const { dModel, numHeads, seed } = resolveSettings("crossAttention", settings);
  const attention = lessonAttention({ dModel, numHeads, seed });
  const from = { tokens, vectors: embedTokens(tokens, { dModel, seed }) };
  const to = { tokens: otherTokens, vectors: embedTokens(otherTokens, { dModel, seed }) };
  try {
    const trace = await traceAttention(attention, from, to);
    const walk = walkToken(trace, tokenToFollow(tokens));
    return { trace, walk, checks: traceChecks(trace, walk) };
  } finally {
    from.vectors.dispose();
    to.vectors.dispose();
    attention.dispose();
  }
}
