import type { Tokenizer } from "@tfblocks/text";

/** A warning if the tokens of a prompt do not decode to the prompt, for example because a word is unknown; otherwise "". */
export function warnAboutUnknownText(tokenizer: Tokenizer, prompt: string, ids: readonly number[]): string {
  const special = new Set(Object.values(tokenizer.specialIds));
  const decoded = tokenizer.decode(ids.filter((id) => !special.has(id))).trim();
  if (withoutSpaces(decoded) === withoutSpaces(prompt)) return "";
  return `warning: the tokenizer does not know all of the prompt; the model reads ${JSON.stringify(decoded)}\n`;
}

function withoutSpaces(text: string): string {
  return text.normalize("NFKC").replace(/\s/g, "").toLowerCase();
}
