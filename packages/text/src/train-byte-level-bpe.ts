import { checkInteger, checkObject, checkUnknown, describeValue, refuse, ValueError } from "@tfblocks/tensor-utils";
import { spelledBytes } from "./byte-alphabet.js";
import { countWords } from "./count-words.js";
import { learnMerges } from "./learn-merges.js";
import { timeSlices } from "./time-slices.js";
import { byteLevelBpeJson, type ByteLevelBpeJson, initialTokens } from "./tokenizer-json.js";

/** How far {@link trainByteLevelBpe} is. */
export interface BpeProgress {
  /** Tokens so far: 256 and the special ones while the texts are read, then one more with each merge. */
  readonly tokens: number;
  readonly vocabSize: number;
}

/** Options of {@link trainByteLevelBpe}. */
export interface BpeOptions {
  /** The largest number of tokens, of which 256 are the bytes. */
  readonly vocabSize: number;
  /** Tokens without text, which get the first ids and are never part of another; default none. */
  readonly specialTokens?: readonly string[] | undefined;
  /** How often a pair must stand in the texts to become a token; default 2. */
  readonly minFrequency?: number | undefined;
  /** Called now and then, and at the end. */
  readonly onProgress?: ((progress: BpeProgress) => void) | undefined;
  /** Rejects with the signal's reason. */
  readonly signal?: AbortSignal | undefined;
}

const operation = "trainByteLevelBpe";

/**
 * Trains a byte-level BPE tokenizer, as GPT-2's: texts are cut into words, words into UTF-8 bytes, and the most frequent
 * pair of neighbours becomes a token until there are `vocabSize`. Any text has ids, and they give it back.
 *
 * The event loop gets its turn while it works. Same texts and options, same result; the ids are those of Hugging Face's
 * own trainer. Sources: Sennrich et al. 2016; Radford et al. 2019.
 *
 * @param texts one text, or several that no word crosses
 * @returns a `tokenizer.json`; write it with `JSON.stringify`, use it with `loadTokenizer` of `@tfblocks/text/hugging-face`
 * @throws ValueError when an option is unknown or out of its range
 */
export async function trainByteLevelBpe(
  texts: string | Iterable<string> | AsyncIterable<string>,
  options: BpeOptions,
): Promise<ByteLevelBpeJson> {
  const { vocabSize, specialTokens, minFrequency, signal, onProgress } = checkOptions(options);
  const tokens = initialTokens(specialTokens);
  const tell = () => onProgress?.({ tokens: tokens.length, vocabSize });
  const turn = timeSlices(signal, tell);
  const counts = await countWords(typeof texts === "string" ? [texts] : texts, specialTokens, turn);
  const idOf = new Map(tokens.map((token, id) => [token, id]));
  const words = Array.from(counts, ([word, count]) => ({ ids: spelledBytes(word).map((each) => idOf.get(each)!), count }));
  const merges = await learnMerges({ tokens, words, vocabSize, minFrequency, specialTokens, turn });
  tell();
  return byteLevelBpeJson(tokens, merges, specialTokens);
}

function checkOptions(options: BpeOptions) {
  const { vocabSize, specialTokens = [], minFrequency = 2, onProgress, signal, ...unknown } = checkObject(operation, "options", options);
  checkUnknown(operation, "options", unknown);
  if (!Array.isArray(specialTokens)) refuse(ValueError, operation, "specialTokens", "a list of strings", describeValue(specialTokens));
  const isToken = (token: unknown) => typeof token === "string" && token.length > 1;
  const wrong = (specialTokens as readonly string[]).find((token, index) => !isToken(token) || specialTokens.indexOf(token) < index);
  if (wrong !== undefined) {
    refuse(ValueError, operation, "specialTokens", "distinct strings of two characters or more", describeValue(wrong));
  }
  checkInteger(operation, "vocabSize", vocabSize, 256 + specialTokens.length, 2 ** 26);
  checkInteger(operation, "minFrequency", minFrequency, 1);
  return { vocabSize, specialTokens, minFrequency, onProgress, signal };
}
