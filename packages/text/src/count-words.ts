/** How GPT-2 cuts a text into words, each with the blank before it; no merge crosses a cut. Source: Radford et al. 2019. */
const word = /'s|'t|'re|'ve|'m|'ll|'d| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+/gu;

/** How often each word stands in the texts, which are cut at special tokens too. */
export async function countWords(
  texts: Iterable<string> | AsyncIterable<string>,
  specialTokens: readonly string[],
  turn: () => Promise<void> | undefined,
): Promise<Map<string, number>> {
  const counts = new Map<string, number>();
  let seen = 0;
  for await (const text of texts) {
    for (const part of withoutTokens(text, specialTokens)) {
      for (const [found] of part.matchAll(word)) {
        counts.set(found, (counts.get(found) ?? 0) + 1);
        if (++seen % 1024 === 0) await turn();
      }
    }
  }
  return counts;
}

function withoutTokens(text: string, tokens: readonly string[]): string[] {
  return tokens.reduce<string[]>((parts, token) => parts.flatMap((part) => part.split(token)), [text]);
}
