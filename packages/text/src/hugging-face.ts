import { checkOptions, describeValue, type OptionNames, refuse, ValueError } from "@tfblocks/tensor-utils";
import { checkTruncation, type HuggingFaceTokenizer, Pipeline } from "./hugging-face/pipeline.js";
import { readTokenizerFile } from "./hugging-face/file.js";
import { type PaddingOptions, paddingOf } from "./hugging-face/padding.js";
import { type TruncationOptions, truncationOf } from "./hugging-face/truncation.js";

export type { Encoding } from "./hugging-face/encoding.js";
export type { HuggingFaceTokenizer, PaddingOptions, TruncationOptions };

/** Options of {@link loadTokenizer}. */
export interface LoadTokenizerOptions {
  /** Whether `encode` adds the file's special tokens, for example BERT's [CLS] and [SEP]; default true. */
  readonly addSpecialTokens?: boolean | undefined;
  /** Whether `decode` omits special tokens; default false. */
  readonly skipSpecialTokens?: boolean | undefined;
  /** How long texts are cut, or false for not at all; default what the file says. */
  readonly truncation?: TruncationOptions | false | undefined;
  /** How encodings are filled up, or false for not at all; default what the file says. */
  readonly padding?: PaddingOptions | false | undefined;
}

const optionNames: OptionNames<LoadTokenizerOptions> = {
  addSpecialTokens: "flag",
  skipSpecialTokens: "flag",
  truncation: true,
  padding: true,
};

/**
 * A tokenizer from a `tokenizer.json` of Hugging Face: BPE, WordPiece, WordLevel or Unigram. Its ids and its text are those
 * of Hugging Face's `tokenizers` 0.23; what this package does not compute in the same way is refused by name.
 *
 * @param json the content of the file, as text or parsed, or the result of `trainByteLevelBpe`
 * @throws ValueError that names the field when the content is not a readable `tokenizer.json`, or says what is not supported
 * @throws UnknownNameError when an option is unknown
 *
 * @example
 * ```ts
 * import { trainByteLevelBpe } from "@tfblocks/text";
 * import { loadTokenizer } from "@tfblocks/text/hugging-face";
 * const json = await trainByteLevelBpe("one fish, two fish, red fish, blue fish", { vocabSize: 300 });
 * const tokenizer = loadTokenizer(json, { truncation: { maxLength: 12 } });
 * const ids = tokenizer.encode("two blue fish 🐟");
 * tokenizer.decode(ids); // "two blue fish 🐟"
 * tokenizer.encoding("red fish", "blue fish").typeIds; // [0, 0, 0, …, 1, 1, 1, …]
 * ```
 */
export function loadTokenizer(json: string | object, options: LoadTokenizerOptions = {}): HuggingFaceTokenizer {
  const { addSpecialTokens = true, skipSpecialTokens = false, truncation, padding } = checkOptions("loadTokenizer", options, optionNames);
  const file = readTokenizerFile(checkJson(json));
  const idOf = (token: string) => file.addedTokens.id(token) ?? file.model.vocabulary.id(token);
  const settings = {
    addSpecialTokens,
    skipSpecialTokens,
    truncation: setting(truncation, file.truncation, truncationOf),
    padding: setting(padding, file.padding, (each) => paddingOf(each, idOf)),
  };
  checkTruncation(file, settings);
  return new Pipeline(file, settings);
}

/** The option if it is given, nothing if it is false, and otherwise what the file says. */
function setting<Option, Value>(option: Option | false | undefined, file: Value, read: (option: Option) => Value): Value | undefined {
  if (option === undefined) return file;
  return option === false ? undefined : read(option);
}

function checkJson(json: string | object): object {
  const value: unknown = typeof json === "string" ? parsed(json) : json;
  const model = (value as { model?: unknown } | null | undefined)?.model;
  if (typeof model === "object" && model !== null) return value as object;
  return refuse(ValueError, "loadTokenizer", "json", "the content of a tokenizer.json with a model", describeValue(json));
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
