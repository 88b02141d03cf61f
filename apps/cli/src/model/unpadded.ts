import type { Tokenizer } from "@tfblocks/text";

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
