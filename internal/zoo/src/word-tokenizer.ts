import { describeValue, refuse, ValueError } from "@tfblocks/tensor-utils";

/** What a {@link WordTokenizer} is made of. */
export interface WordTokenizerConfig {
  /** Words, whose ids follow those of the special tokens. */
  readonly words: readonly string[];
  /** Tokens that no text contains, from id 0; default none. */
  readonly special?: readonly string[];
  /** What stands between words: nothing where every word is one character; default a space. */
  readonly separator?: "" | " ";
}

/** A tokenizer of a small closed vocabulary: each word is one token, and there are no others. */
export class WordTokenizer {
  readonly specialIds: Readonly<Record<string, number>>;
  readonly #words: readonly string[];
  readonly #ids: ReadonlyMap<string, number>;
  readonly #separator: "" | " ";

  /** @throws ValueError when a word occurs twice */
  constructor({ words, special = [], separator = " " }: WordTokenizerConfig) {
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

  /** @throws ValueError when the text holds a word that is none of the vocabulary */
  encode(text: string): number[] {
    const words = this.#separator === "" ? Array.from(text) : text.split(/\s+/).filter(Boolean);
    return words.map((word) => this.idOf(word));
  }

  /** The words of ids, special tokens left out. @throws ValueError when an id is outside the vocabulary */
  decode(ids: ArrayLike<number>): string {
    const words = this.tokens(ids).filter((word) => !Object.hasOwn(this.specialIds, word));
    return words.join(this.#separator);
  }

  /** The word of each id, special ones too. @throws ValueError when an id is outside the vocabulary */
  tokens(ids: ArrayLike<number>): string[] {
    return Array.from(ids, (id) => {
      const word = this.#words[id];
      return word ?? refuse(ValueError, "WordTokenizer.tokens", "ids", `0 to ${this.vocabSize - 1}`, describeValue(id));
    });
  }

  /** @throws ValueError when there is no such word */
  idOf(word: string): number {
    const id = this.#ids.get(word);
    if (id !== undefined) return id;
    return refuse(ValueError, "WordTokenizer.encode", "text", "made of words of the vocabulary", describeValue(word), this.#advice());
  }

  /** Hugging Face's `tokenizer.json`: words are pieces that are never split. */
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
