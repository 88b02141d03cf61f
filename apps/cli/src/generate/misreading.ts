import type { Tokenizer } from "@tfblocks/text";

/** A line that says what a model reads, where that is not the prompt: an unknown word is another token. Else "". */
export function misreading(tokenizer: Tokenizer, prompt: string, ids: readonly number[]): string {
  const special = new Set(Object.values(tokenizer.specialIds));
  const heard = tokenizer.decode(ids.filter((id) => !special.has(id))).trim();
  if (withoutSpaces(heard) === withoutSpaces(prompt)) return "";
  return `the model reads ${JSON.stringify(heard)}: its tokenizer does not know all of the prompt\n`;
}

function withoutSpaces(text: string): string {
  return text.normalize("NFKC").replace(/\s/g, "").toLowerCase();
}
