import { Tokenizer as Library } from "@huggingface/tokenizers";
import { checkInteger, checkObject, checkUnknown, describeValue, refuse, ValueError } from "@tfblocks/tensor-utils";
import type { Tokenizer } from "./tokenizer.js";
import { tokensOf } from "./tokens-of.js";

/** Options of {@link loadTokenizer}. */
export interface LoadTokenizerOptions {
  /** Whether `encode` adds what the file's post-processor adds, such as BERT's [CLS] and [SEP]; default true. */
  readonly addSpecialTokens?: boolean | undefined;
  /** Whether `decode` leaves special tokens out; default false. */
  readonly skipSpecialTokens?: boolean | undefined;
}

/**
 * A tokenizer from a `tokenizer.json` of Hugging Face: BPE, WordPiece, Unigram. Runs on `@huggingface/tokenizers`, which
 * a project that uses this entry installs itself: `npm install @huggingface/tokenizers`.
 *
 * @param json the file's content, as text or parsed, or what `trainByteLevelBpe` gives
 * @throws ValueError when it is no `tokenizer.json` that can be read, or an option is unknown
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
  const { addSpecialTokens = true, skipSpecialTokens = false, ...unknown } = checkObject("loadTokenizer", "options", options);
  checkUnknown("loadTokenizer", "options", unknown);
  const content = checkJson(json);
  try {
    const tokenizer = new HuggingFaceTokenizer(content, addSpecialTokens, skipSpecialTokens);
    tokenizer.encode("a"); // some faults show only now
    return tokenizer;
  } catch (error) {
    return refuse(
      ValueError,
      "loadTokenizer",
      "json",
      "the content of a tokenizer.json that can be read",
      `one that gives "${String(error)}"`,
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
    const known = Array.from(ids);
    tokensOf("Tokenizer.decode", known, (id) => this.#library.id_to_token(id), this.vocabSize);
    if (known.length === 0) return "";
    return this.#library.decode(known, { skip_special_tokens: this.#skipSpecialTokens });
  }

  tokens(ids: ArrayLike<number>): string[] {
    return tokensOf("Tokenizer.tokens", ids, (id) => this.#library.id_to_token(id), this.vocabSize);
  }
}

/** @throws ValueError when an id is none */
function largestId(ids: readonly number[]): number {
  return ids.reduce((largest, id) => {
    checkInteger("loadTokenizer", "id of a token", id, 0, 2 ** 31 - 2);
    return Math.max(largest, id);
  }, -1);
}

function checkJson(json: string | object): object {
  const value: unknown = typeof json === "string" ? parsed(json) : json;
  const model = (value as { model?: unknown } | null | undefined)?.model;
  if (typeof model === "object" && model !== null) return value as object;
  return refuse(ValueError, "loadTokenizer", "json", "the content of a tokenizer.json, with a model", describeValue(json));
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
