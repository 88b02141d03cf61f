/**
 * Whether a token separates sentences or parts of them: a special token in brackets, such as `[SEP]`, `</s>` or `<|endoftext|>`, or
 * only punctuation, with the marks of a space that tokenizers write (`Ġ`, `▁`).
 */
export function isDelimiterText(token: string): boolean {
  const text = token.replace(/^[Ġ▁\s]+/u, "").trim();
  return /^(\[[A-Z]+\]|<[^<>\s]+>)$/u.test(text) || /^\p{P}+$/u.test(text);
}
