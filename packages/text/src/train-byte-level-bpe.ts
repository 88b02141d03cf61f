import { checkInteger, checkOptions, describeValue, type OptionNames, refuse, ValueError } from "@tfblocks/tensor-utils";
import { spelledBytes } from "./byte-alphabet.js";
import { countWords } from "./count-words.js";
import { learnMerges } from "./learn-merges.js";
import { timeSlices } from "./time-slices.js";
import { byteLevelBpeJson, type ByteLevelBpeJson, initialTokens } from "./tokenizer-json.js";

/** The progress of {@link trainByteLevelBpe}. */
export interface BpeProgress {
  /** Number of tokens so far: 256 and the special tokens while texts are read, then one more with each merge. */
  readonly tokens: number;
  readonly vocabSize: number;
}

/** Options of {@link trainByteLevelBpe}. */
export interface BpeOptions {
  /** The largest number of tokens, including the special tokens and the 256 bytes. */
  readonly vocabSize: number;
  /** Tokens that do not represent text. They get the first ids and are never part of another token. Default none. */
  readonly specialTokens?: readonly string[] | undefined;
  /** How often a pair must occur in the texts to become a token; default 2. */
  readonly minFrequency?: number | undefined;
  /** Called about every 30 ms, and at the end. */
  readonly onProgress?: ((progress: BpeProgress) => void) | undefined;
  /** Aborts the training, which then rejects with the signal's reason. */
  readonly signal?: AbortSignal | undefined;
}

const optionNames: OptionNames<BpeOptions> = { vocabSize: true, specialTokens: true, minFrequency: true, onProgress: true, signal: true };

const operation = "trainByteLevelBpe";

/**
 * Trains a byte-level BPE tokenizer like that of GPT-2. It splits texts into words and words into UTF-8 bytes. Then the
 * most frequent pair of neighbours becomes a token, until there are `vocabSize` tokens. The tokenizer encodes any text
 * without loss.
 *
 * The training does not block the event loop. The same texts and options always give the same result, and the ids are
 * those of Hugging Face's trainer. Sources: Sennrich et al. 2016; Radford et al. 2019.
 *
 * @param texts one text, or several; a word never spans two texts
 * @returns a `tokenizer.json`; write it with `JSON.stringify`, use it with `loadTokenizer` of
 *   `@tfblocks/text/hugging-face`
 * @throws ValueError when an option is unknown or outside its range
 */
export async function trainByteLevelBpe(
  texts: string | Iterable<string> | AsyncIterable<string>,
  options: BpeOptions,
): Promise<ByteLevelBpeJson> {
  const { vocabSize, specialTokens, minFrequency, signal, onProgress } = resolveOptions(options);
  const tokens = initialTokens(specialTokens);
  const report = () => onProgress?.({ tokens: tokens.length, vocabSize });
  const pauseIfDue = timeSlices(signal, report);
  const counts = await countWords(typeof texts === "string" ? [texts] : texts, specialTokens, pauseIfDue);
  const idOf = new Map(tokens.map((token, id) => [token, id]));
  const words = Array.from(counts, ([word, count]) => ({ ids: spelledBytes(word).map((each) => idOf.get(each)!), count }));
  const merges = await learnMerges({ tokens, words, vocabSize, minFrequency, specialTokens, pauseIfDue });
  report();
  return byteLevelBpeJson(tokens, merges, specialTokens);
}

function resolveOptions(options: BpeOptions) {
  const { vocabSize, specialTokens = [], minFrequency = 2, onProgress, signal } = checkOptions(operation, options, optionNames);
  if (!Array.isArray(specialTokens)) refuse(ValueError, operation, "specialTokens", "a list of strings", describeValue(specialTokens));
  const isToken = (token: unknown) => typeof token === "string" && token.length > 1;
  const wrong = (specialTokens as readonly string[]).find((token, index) => !isToken(token) || specialTokens.indexOf(token) < index);
  if (wrong !== undefined) {
    refuse(ValueError, operation, "specialTokens", "distinct strings with at least two characters", describeValue(wrong));
  }
  checkInteger(operation, "vocabSize", vocabSize, 256 + specialTokens.length, 2 ** 26);
  checkInteger(operation, "minFrequency", minFrequency, 1);
  return { vocabSize, specialTokens, minFrequency, onProgress, signal };
}
