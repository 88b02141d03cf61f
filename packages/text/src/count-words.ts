/**
 * The words into which GPT-2 splits a text, each with the space before it. Merges never span words.
 * Source: Radford et al. 2019.
 */
const word = /'s|'t|'re|'ve|'m|'ll|'d| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+/gu;

/** The number of occurrences of each word. Texts are also split at special tokens. */
export async function countWords(
  texts: Iterable<string> | AsyncIterable<string>,
  specialTokens: readonly string[],
  pauseIfDue: () => Promise<void> | undefined,
): Promise<Map<string, number>> {
  const counts = new Map<string, number>();
  let seen = 0;
  for await (const text of texts) {
    for (const part of withoutTokens(text, specialTokens)) {
      for (const [match] of part.matchAll(word)) {
        counts.set(match, (counts.get(match) ?? 0) + 1);
        if (++seen % 1024 === 0) await pauseIfDue();
      }
    }
  }
  return counts;
}

function withoutTokens(text: string, tokens: readonly string[]): string[] {
  return tokens.reduce<string[]>((parts, token) => parts.flatMap((part) => part.split(token)), [text]);
}
