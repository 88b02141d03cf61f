/** Text to tokens and back. */
export interface Tokenizer {
  /** One more than the largest id: the rows of an embedding table. */
  readonly vocabSize: number;
  /** Tokens that stand for no text, such as the end of a document, and their ids. */
  readonly specialIds: Readonly<Record<string, number>>;
  /** The ids of a text; throws ValueError where a text has no ids. */
  encode(text: string): number[];
  /** The text of ids; throws ValueError when one of them is no token. */
  decode(ids: ArrayLike<number>): string;
  /** The token of each id, as the vocabulary spells it; throws ValueError when one of them is no token. */
  tokens(ids: ArrayLike<number>): string[];
}
