import { pairOf } from "./pair-heap.js";
import { type CountedWord, PairTable } from "./pair-table.js";

/** Arguments of {@link learnMerges}. */
export interface MergeArguments {
  /** The tokens before any merge; the tokens of the merges are appended. */
  readonly tokens: string[];
  readonly words: readonly CountedWord[];
  readonly vocabSize: number;
  readonly minFrequency: number;
  /** Tokens that a merge must not create, although the spelling of some bytes may be the same. */
  readonly specialTokens: readonly string[];
  readonly pauseIfDue: () => Promise<void> | undefined;
}

/**
 * Byte-pair encoding: repeatedly turns the most frequent pair of neighbours into a token, until the vocabulary is full
 * or no pair is frequent enough. Among equally frequent pairs the one with the smaller ids comes first.
 *
 * @returns the merges in order, each `"first second"`
 */
export async function learnMerges({
  tokens,
  words,
  vocabSize,
  minFrequency,
  specialTokens,
  pauseIfDue,
}: MergeArguments): Promise<string[]> {
  const ids = new Map(tokens.map((token, id) => [token, id]));
  const special = new Set(specialTokens);
  const table = new PairTable(words);
  const merges = new Set<string>(); // a set: when two merges create the same token, a merged pair may occur again
  while (tokens.length < vocabSize) {
    await pauseIfDue();
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
