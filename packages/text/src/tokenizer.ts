/** Converts text to tokens and back. */
export interface Tokenizer {
  /** The largest id + 1: the number of rows of an embedding table. */
  readonly vocabSize: number;
  /** Tokens that do not represent text, for example the end of a document, and their ids. */
  readonly specialIds: Readonly<Record<string, number>>;
  /** The ids of a text. @throws ValueError when a character has no id */
  encode(text: string): number[];
  /** The text of ids. @throws ValueError when one of them has no token */
  decode(ids: ArrayLike<number>): string;
  /** The token of each id, as spelled in the vocabulary. @throws ValueError when one of them has no token */
  tokens(ids: ArrayLike<number>): string[];
}
