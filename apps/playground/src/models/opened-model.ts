import type { EncoderDecoder, LanguageModel } from "@tfblocks/transformer";
import type { ModelInfo } from "./model-info.js";

/** The tokenizer of a model, as the page uses it. */
export interface ModelTokenizer {
  /** The ids of a text, with the special tokens that the model expects. @throws Error with a sentence for the reader */
  encode(text: string): number[];
  /** Each id as people read it: a leading space is a space. */
  texts(ids: readonly number[]): string[];
  /** The text of ids, without special tokens. */
  decode(ids: readonly number[]): string;
  /** The token that stands for what the vocabulary lacks; undefined if there is none. */
  readonly unknownId: number | undefined;
  /** Ids of tokens that stand for no text. */
  readonly specialIds: ReadonlySet<number>;
  /** How a hidden word is written, `[MASK]`; undefined where there is no such token. */
  readonly mask?: string | undefined;
}

/** A model in the memory of the worker. */
export interface OpenModel {
  readonly info: ModelInfo;
  readonly model: LanguageModel | EncoderDecoder;
  readonly tokenizer: ModelTokenizer;
  /** The first token of the output of an encoder-decoder; not used by other models. */
  readonly startToken: number;
  /** Number of tensors of the model. */
  readonly held: number;
  /** Frees the model. May be called twice. */
  close(): void;
}
