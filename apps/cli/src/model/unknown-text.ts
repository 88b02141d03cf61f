import type { Tokenizer } from "@tfblocks/text";

/**
 * A warning if the tokens of a text do not decode to the text, because a word is unknown or the tokenizer cuts long texts;
 * otherwise "".
 */
export function warnAboutUnknownText(tokenizer: Tokenizer, text: string, ids: readonly number[]): string {
  const read = ordinary(tokenizer, ids);
  const decoded = tokenizer.decode(read).trim();
  const [known, written] = [compared(decoded), compared(withoutSpecialTokens(tokenizer, text))];
  if (known === written) return "";
  const isCut = ordinary(tokenizer, tokenizer.encode(text + text)).length === read.length;
  if (isCut && known !== "" && written.startsWith(known)) {
    return `warning: the tokenizer cuts the text to ${ids.length} tokens; the model does not read the rest\n`;
  }
  return `warning: the tokenizer does not know all of the text; the model reads ${JSON.stringify(shortened(decoded))}\n`;
}

/** The ids without those of special tokens. */
function ordinary({ specialIds }: Tokenizer, ids: readonly number[]): number[] {
  const special = new Set(Object.values(specialIds));
  return ids.filter((id) => !special.has(id));
}

/** The text without the special tokens that are written in it, for example `[MASK]`. */
function withoutSpecialTokens({ specialIds }: Tokenizer, text: string): string {
  return Object.keys(specialIds).reduce((rest, token) => rest.replaceAll(token, ""), text);
}

function compared(text: string): string {
  return text.normalize("NFKC").replace(/\s/g, "").toLowerCase();
}

const longest = 200;

function shortened(text: string): string {
  return text.length > longest ? `${text.slice(0, longest)}…` : text;
}
