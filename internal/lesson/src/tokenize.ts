import { describeValue, ValueError } from "@tfblocks/tensor-utils";

/** The longest text the lesson takes, in characters. */
export const maxCharacters = 4000;

/** The longest text the lesson takes, in tokens: a heat map beyond is no longer read. */
export const maxTokens = 256;

/**
 * Splits a text into words, numbers and single signs; contractions stay whole ("didn't").
 *
 * @throws ValueError when the text is empty, has over 4000 characters or over 256 tokens
 */
export function tokenize(text: string): string[] {
  if (typeof text !== "string" || text.length > maxCharacters) {
    throw refusal(
      `a text of at most ${maxCharacters} characters`,
      typeof text === "string" ? `${text.length} characters` : describeValue(text),
    );
  }
  const tokens = text.match(/[\p{L}\p{M}\p{N}_]+(?:['’][\p{L}\p{M}]+)*|[^\s\p{L}\p{M}\p{N}_]/gu) ?? [];
  if (tokens.length === 0) throw refusal("a text with at least one word", describeValue(text));
  if (tokens.length > maxTokens) throw refusal(`a text of at most ${maxTokens} tokens`, `${tokens.length} tokens`);
  return tokens;
}

function refusal(expected: string, received: string): ValueError {
  return new ValueError({ operation: "tokenize", argument: "text", expected, received });
}
