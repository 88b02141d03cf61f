import type { Tokenizer } from "@tfblocks/transformer/text";

/** The prompt as its tokens say it, where they do not say all of it: a word that a tokenizer does not know is another token. */
export function misread(tokenizer: Tokenizer, prompt: string, ids: readonly number[]): string | undefined {
  const special = new Set(Object.values(tokenizer.specialIds));
  const heard = tokenizer.decode(ids.filter((id) => !special.has(id))).trim();
  return withoutSpaces(heard) === withoutSpaces(prompt) ? undefined : heard;
}

function withoutSpaces(text: string): string {
  return text.normalize("NFKC").replace(/\s/g, "").toLowerCase();
}
