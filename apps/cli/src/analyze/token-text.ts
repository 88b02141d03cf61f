import type { Tokenizer } from "@tfblocks/text";

/** The marks by which tokenizers write a space at the start of a token. */
const spaceMarks = /^[Ġ▁]/u;

/** The text of one token as people read it; a part of a character as the vocabulary spells it. */
export function tokenText(tokenizer: Tokenizer, id: number): string {
  const [token = String(id)] = tokenizer.tokens([id]);
  const decoded = tokenizer.decode([id]);
  if (decoded === "" || decoded.includes("\ufffd")) return token.replace(spaceMarks, " ");
  return spaceMarks.test(token) ? ` ${decoded.replace(/^ /, "")}` : decoded;
}

/** A tokenizer that tells which tokens are padding. */
type PaddingTokenizer = Tokenizer & {
  encoding(text: string): { readonly ids: readonly number[]; readonly attentionMask: readonly number[] };
};

/** The ids of a text without the padding that a tokenizer.json may ask for. */
export function unpadded(tokenizer: Tokenizer | PaddingTokenizer, text: string): number[] {
  if (!("encoding" in tokenizer)) return tokenizer.encode(text);
  const { ids, attentionMask } = tokenizer.encoding(text);
  return ids.filter((_, index) => attentionMask[index] === 1);
}
