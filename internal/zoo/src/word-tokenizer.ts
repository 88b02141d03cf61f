import { checkOptions, describeValue, type OptionNames, refuse, ValueError } from "@tfblocks/tensor-utils";

/** Options of {@link WordTokenizer}. */
export interface WordTokenizerOptions {
  /** The words. Their ids follow those of the special tokens. */
  readonly words: readonly string[];
  /** Tokens that no text contains; their ids start at 0. Default none. */
  readonly special?: readonly string[];
  /** The separator of words: a space or, if every word is one character, nothing; default a space. */
  readonly separator?: "" | " ";
}

const optionNames: OptionNames<WordTokenizerOptions> = { words: true, special: true, separator: true };

/** A tokenizer with a small, closed vocabulary, in which each word is one token. */
export class WordTokenizer {
  readonly specialIds: Readonly<Record<string, number>>;
  readonly #words: readonly string[];
  readonly #ids: ReadonlyMap<string, number>;
  readonly #separator: "" | " ";

  /** @throws ValueError when a word occurs twice, or an option is unknown */
  constructor(options: WordTokenizerOptions) {
    const { words, special = [], separator = " " } = checkOptions("WordTokenizer", options, optionNames);
    this.#words = [...special, ...words];
    this.#ids = new Map(this.#words.map((word, id) => [word, id]));
    this.#separator = separator;
    this.specialIds = Object.fromEntries(special.map((word, id) => [word, id]));
    const twice = this.#words.find((word, id) => this.#ids.get(word) !== id);
    if (twice !== undefined) refuse(ValueError, "WordTokenizer", "words", "distinct", `${describeValue(twice)} twice`);
  }

  get vocabSize(): number {
    return this.#words.length;
  }

  /** @throws ValueError when a word of the text is not in the vocabulary */
  encode(text: string): number[] {
    const words = this.#separator === "" ? Array.from(text) : text.split(/\s+/).filter(Boolean);
    return words.map((word) => this.idOf(word));
  }

  /** The words of ids, without special tokens. @throws ValueError when an id is outside the vocabulary */
  decode(ids: ArrayLike<number>): string {
    const words = this.tokens(ids).filter((word) => !Object.hasOwn(this.specialIds, word));
    return words.join(this.#separator);
  }

  /** The word of each id, including special tokens. @throws ValueError when an id is outside the vocabulary */
  tokens(ids: ArrayLike<number>): string[] {
    return Array.from(ids, (id) => {
      const word = this.#words[id];
      return word ?? refuse(ValueError, "WordTokenizer.tokens", "ids", `from 0 to ${this.vocabSize - 1}`, describeValue(id));
    });
  }

  /** The id of a word. @throws ValueError when it is not in the vocabulary */
  idOf(word: string): number {
    const id = this.#ids.get(word);
    if (id !== undefined) return id;
    return refuse(ValueError, "WordTokenizer.encode", "text", "a text of words in the vocabulary", describeValue(word), this.#advice());
  }

  /** Hugging Face's `tokenizer.json`: a WordPiece tokenizer whose words are never split. */
  toJSON(): object {
    const characters = this.#separator === "";
    return {
      version: "1.0",
      truncation: null,
      padding: null,
      added_tokens: Object.entries(this.specialIds).map(([content, id]) => ({
        id,
        content,
        single_word: false,
        lstrip: false,
        rstrip: false,
        normalized: false,
        special: true,
      })),
      normalizer: null,
      pre_tokenizer: characters
        ? { type: "Split", pattern: { Regex: "[\\s\\S]" }, behavior: "Isolated", invert: false }
        : { type: "WhitespaceSplit" },
      post_processor: null,
      decoder: characters ? { type: "Fuse" } : { type: "WordPiece", prefix: "##", cleanup: false },
      model: {
        type: "WordPiece",
        unk_token: this.#words[0],
        continuing_subword_prefix: "##",
        max_input_chars_per_word: 100,
        vocab: Object.fromEntries(this.#ids),
      },
    };
  }

  #advice(): string {
    const words = this.#words.slice(Object.keys(this.specialIds).length);
    return `the words are ${words.slice(0, 12).join(" ")}${words.length > 12 ? " …" : ""}`;
  }
}
