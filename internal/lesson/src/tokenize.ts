import { describeValue, ValueError } from "@tfblocks/tensor-utils";

/** The longest text the lesson takes, in characters. */
export const maxCharacters = 4000;

/** The longest text the lesson takes, in tokens: a heat map beyond is no longer read. */
export const maxTokens = 256;

const word = /[\p{L}\p{M}\p{N}_]+(?:['’\u200C\u200D][\p{L}\p{M}]+)*/u;
/** A picture with its colour and what is joined to it, or a flag: one sign to the reader, several code points. */
const emoji = /\p{Extended_Pictographic}[\p{M}\p{EMod}]*(?:\u200D\p{Extended_Pictographic}[\p{M}\p{EMod}]*)*|\p{RI}{2}/u;
const sign = /[^\s\p{L}\p{M}\p{N}_]/u;
const token = new RegExp([word, emoji, sign].map(({ source }) => source).join("|"), "gu");

/**
 * Splits a text into words, numbers and single signs; contractions ("didn't") and joined emoji stay whole.
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
  const tokens = text.match(token) ?? [];
  if (tokens.length === 0) throw refusal("a text with at least one word", describeValue(text));
  if (tokens.length > maxTokens) throw refusal(`a text of at most ${maxTokens} tokens`, `${tokens.length} tokens`);
  return tokens;
}

function refusal(expected: string, received: string): ValueError {
  return new ValueError({ operation: "tokenize", argument: "text", expected, received });
}
