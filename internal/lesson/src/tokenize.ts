import { describeValue, ValueError } from "@tfblocks/tensor-utils";

/** The largest number of characters in a text. */
export const maxCharacters = 4000;

/** The largest number of tokens in a text; a heat map of more is unreadable. */
export const maxTokens = 256;

const word = /[\p{L}\p{M}\p{N}_]+(?:['’\u200C\u200D][\p{L}\p{M}]+)*/u;
/** An emoji with its modifiers and joined emoji, or a flag: several code points that are displayed as one symbol. */
const emoji = /\p{Extended_Pictographic}[\p{M}\p{EMod}]*(?:\u200D\p{Extended_Pictographic}[\p{M}\p{EMod}]*)*|\p{RI}{2}/u;
const symbol = /[^\s\p{L}\p{M}\p{N}_]/u;
const token = new RegExp([word, emoji, symbol].map(({ source }) => source).join("|"), "gu");

/**
 * Splits a text into words, numbers and single symbols. Contractions ("didn't") and joined emoji are one token.
 *
 * @throws ValueError when the text is empty, or has more than 4000 characters or 256 tokens
 */
export function tokenize(text: string): string[] {
  if (typeof text !== "string" || text.length > maxCharacters) {
    throw refusal(
      `a text of at most ${maxCharacters} characters`,
      typeof text === "string" ? `${text.length} characters` : describeValue(text),
    );
  }
  const tokens = text.match(token) ?? [];
  if (tokens.length === 0) throw refusal("a text with at least one word", describeValue(text));
  if (tokens.length > maxTokens) throw refusal(`a text of at most ${maxTokens} tokens`, `${tokens.length} tokens`);
  return tokens;
}

function refusal(expected: string, received: string): ValueError {
  return new ValueError({ operation: "tokenize", argument: "text", expected, received });
}
