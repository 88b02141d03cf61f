import { Tokenizer as Library } from "@huggingface/tokenizers";
import { checkObject, checkUnknown, describeValue, refuse, ValueError } from "@tfblocks/tensor-utils";
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
 * @throws ValueError when it is no `tokenizer.json`, or an option is unknown
 *
 * @example
 * ```ts
 * import { trainByteLevelBpe } from "@tfblocks/transformer/text";
 * import { loadTokenizer } from "@tfblocks/transformer/text/hugging-face";
 * const json = await trainByteLevelBpe("one fish, two fish, red fish, blue fish", { vocabSize: 300 });
 * const tokenizer = loadTokenizer(json);
 * const ids = tokenizer.encode("two blue fish 🐟");
 * tokenizer.decode(ids); // "two blue fish 🐟"
 * ```
 */
export function loadTokenizer(json: string | object, options: LoadTokenizerOptions = {}): Tokenizer {
  const { addSpecialTokens = true, skipSpecialTokens = false, ...unknown } = checkObject("loadTokenizer", "options", options);
  checkUnknown("loadTokenizer", "options", unknown);
  return new HuggingFaceTokenizer(checkJson(json), addSpecialTokens, skipSpecialTokens);
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
    let largest = -1;
    for (const id of this.#library.get_vocab().values()) largest = Math.max(largest, id);
    this.vocabSize = largest + 1;
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

function checkJson(json: string | object): object {
  const value: unknown = typeof json === "string" ? parsed(json) : json;
  if (typeof (value as { model?: unknown } | null)?.model === "object") return value as object;
  return refuse(ValueError, "loadTokenizer", "json", "the content of a tokenizer.json, with a model", describeValue(json));
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
