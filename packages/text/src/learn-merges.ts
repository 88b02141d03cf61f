import { pairOf } from "./pair-heap.js";
import { type CountedWord, PairTable } from "./pair-table.js";

/** What {@link learnMerges} needs. */
export interface MergeSetting {
  /** The tokens so far, to which those of the merges are added. */
  readonly tokens: string[];
  readonly words: readonly CountedWord[];
  readonly vocabSize: number;
  readonly minFrequency: number;
  /** Tokens without text, which no merge makes: the spelling of other bytes may look like one. */
  readonly specialTokens: readonly string[];
  readonly turn: () => Promise<void> | undefined;
}

/**
 * Byte-pair encoding: makes the most frequent pair of neighbours a token, again and again, until the vocabulary is full
 * or no pair is frequent enough. Among equals the pair of the earlier tokens wins.
 *
 * @returns the merges, each `"first second"`, the earliest first
 */
export async function learnMerges({ tokens, words, vocabSize, minFrequency, specialTokens, turn }: MergeSetting): Promise<string[]> {
  const ids = new Map(tokens.map((token, id) => [token, id]));
  const special = new Set(specialTokens);
  const table = new PairTable(words);
  const merges = new Set<string>(); // two ways to one token may bring a pair back that was merged before
  while (tokens.length < vocabSize) {
    await turn();
    const pair = table.popMostFrequent(minFrequency);
    if (pair === undefined) break;
    const [first, second] = pairOf(pair.key);
    const token = tokens[first]! + tokens[second]!;
    if (special.has(token)) continue;
    const id = ids.get(token) ?? tokens.push(token) - 1;
    ids.set(token, id);
    merges.add(`${tokens[first]} ${tokens[second]}`);
    table.merge(pair.key, first, second, id);
  }
  return [...merges];
}
