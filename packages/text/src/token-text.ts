import type { Tokenizer } from "./tokenizer.js";

/** The marks by which tokenizers write a space at the start of a token. */
const spaceMarks = /^[Ġ▁]/u;

/**
 * The text of one token as people read it, to be shown: with its leading space, and without the marks of the vocabulary. A part
 * of a character is spelled as in the vocabulary, and a piece inside a word may keep its mark, such as `##`.
 *
 * @throws ValueError when the id has no token
 */
export function tokenText(tokenizer: Pick<Tokenizer, "tokens" | "decode">, id: number): string {
  const [token = ""] = tokenizer.tokens([id]);
  const decoded = tokenizer.decode([id]);
  if (decoded === "" || decoded.includes("\ufffd")) return token.replace(spaceMarks, " ");
  return spaceMarks.test(token) ? ` ${decoded.replace(/^ /, "")}` : decoded;
}
