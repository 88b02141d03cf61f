import { Tokenizer as Library } from "@huggingface/tokenizers";
import { checkInteger, checkOptions, describeValue, type OptionNames, refuse, ValueError } from "@tfblocks/tensor-utils";
import type { Tokenizer } from "./tokenizer.js";
import { tokensOf } from "./ids.js";

/** Options of {@link loadTokenizer}. */
export interface LoadTokenizerOptions {
  /** Whether `encode` adds the file's special tokens, for example BERT's [CLS] and [SEP]; default true. */
  readonly addSpecialTokens?: boolean | undefined;
  /** Whether `decode` omits special tokens; default false. */
  readonly skipSpecialTokens?: boolean | undefined;
}

const optionNames: OptionNames<LoadTokenizerOptions> = { addSpecialTokens: true, skipSpecialTokens: true };

/**
 * A tokenizer from a `tokenizer.json` of Hugging Face: BPE, WordPiece or Unigram. It uses the optional peer dependency
 * `@huggingface/tokenizers`; install it with `npm install @huggingface/tokenizers`.
 *
 * @param json the content of the file, as text or parsed, or the result of `trainByteLevelBpe`
 * @throws ValueError when the content is not a readable `tokenizer.json`, or an option is unknown
 *
 * @example
 * ```ts
 * import { trainByteLevelBpe } from "@tfblocks/text";
 * import { loadTokenizer } from "@tfblocks/text/hugging-face";
 * const json = await trainByteLevelBpe("one fish, two fish, red fish, blue fish", { vocabSize: 300 });
 * const tokenizer = loadTokenizer(json);
 * const ids = tokenizer.encode("two blue fish 🐟");
 * tokenizer.decode(ids); // "two blue fish 🐟"
 * ```
 */
export function loadTokenizer(json: string | object, options: LoadTokenizerOptions = {}): Tokenizer {
  const { addSpecialTokens = true, skipSpecialTokens = false } = checkOptions("loadTokenizer", options, optionNames);
  const content = checkJson(json);
  try {
    const tokenizer = new HuggingFaceTokenizer(content, addSpecialTokens, skipSpecialTokens);
    tokenizer.encode("a"); // some faults only show when encoding
    return tokenizer;
  } catch (error) {
    return refuse(
      ValueError,
      "loadTokenizer",
      "json",
      "the content of a readable tokenizer.json",
      `content that fails with "${String(error)}"`,
    );
  }
}

class HuggingFaceTokenizer implements Tokenizer {
  readonly vocabSize: number;
  readonly specialIds: Readonly<Record<string, number>>;
  readonly #library: Library;
  readonly #addSpecialTokens: boolean;
  readonly #skipSpecialTokens: boolean;

  constructor(json: object, addSpecialTokens: boolean, skipSpecialTokens: boolean) {
    this.#library = new Library(json, { clean_up_tokenization_spaces: false });
    this.#addSpecialTokens = addSpecialTokens;
    this.#skipSpecialTokens = skipSpecialTokens;
    const added = [...this.#library.get_added_tokens_decoder().values()];
    this.specialIds = Object.fromEntries(added.filter(({ special }) => special).map(({ content, id }) => [content, id]));
    this.vocabSize = largestId([...this.#library.get_vocab().values(), ...added.map(({ id }) => id)]) + 1;
  }

  encode(text: string): number[] {
    return [...this.#library.encode(text, { add_special_tokens: this.#addSpecialTokens }).ids];
  }

  decode(ids: ArrayLike<number>): string {
    const list = Array.from(ids);
    tokensOf("Tokenizer.decode", list, (id) => this.#library.id_to_token(id), this.vocabSize);
    if (list.length === 0) return "";
    return this.#library.decode(list, { skip_special_tokens: this.#skipSpecialTokens });
  }

  tokens(ids: ArrayLike<number>): string[] {
    return tokensOf("Tokenizer.tokens", ids, (id) => this.#library.id_to_token(id), this.vocabSize);
  }
}

/** The largest of the ids, or -1. @throws ValueError when an id is not an integer that a tensor can hold */
function largestId(ids: readonly number[]): number {
  return ids.reduce((largest, id) => {
    checkInteger("loadTokenizer", "token id", id, 0, 2 ** 31 - 2);
    return Math.max(largest, id);
  }, -1);
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
