import { dispose, type Tensor, type Tensor2D, tensor2d } from "@tensorflow/tfjs-core";
import type { ModelTexts, TokenizedText } from "@tfblocks/analysis/models";
import { scope } from "@tfblocks/tensor-utils";
import { EncoderDecoder, type LanguageModel } from "@tfblocks/transformer";
import { sentenceOf } from "../compute/outcome.js";
import type { ModelTokenizer, OpenModel } from "../models/opened-model.js";
import { ReadingError } from "./reading-error.js";
import type { ReadingInput } from "./reading-input.js";

/** A text is read up to here, even by a model that takes more: a map of it has a million cells. */
const longestText = 1000;

/** What a model reads, as tokens; `source` is the text of an encoder-decoder, and `text` then its answer. */
export interface ReadTexts extends ModelTexts {
  /** How many tokens at the end of the text were left out. */
  readonly leftOut: number;
}

/** The tokens of an input. @throws ReadingError when a text is empty, or has a word that the model does not know */
export function readTexts(opened: OpenModel, { text, answer }: Pick<ReadingInput, "text" | "answer">): ReadTexts {
  const { tokenizer, info, startToken } = opened;
  const limit = Math.min(longestText, info.maxLength ?? longestText);
  const ids = encoded(opened, "text", text);
  if (text.trim() === "" || ids.length === 0) throw new ReadingError("text", "The text is empty. Please enter some.");
  const source = withTokens(tokenizer, shortened(tokenizer, ids, limit));
  const leftOut = ids.length - source.ids.length;
  if (info.shape !== "encoder-decoder") return { text: source, leftOut };
  const output = [startToken, ...contentOf(tokenizer, encoded(opened, "answer", answer))];
  return { text: withTokens(tokenizer, output.slice(0, limit)), source, leftOut };
}

/** The tokens of the text, whatever the kind of model. */
export function tokensOfText({ text, source }: ReadTexts): TokenizedText {
  return source ?? text;
}

/** Ids without the special tokens that a tokenizer adds before and after a text. */
function contentOf({ specialIds }: ModelTokenizer, ids: readonly number[]): readonly number[] {
  const isOrdinary = (id: number): boolean => !specialIds.has(id);
  return ids.slice(Math.max(0, ids.findIndex(isOrdinary)), ids.findLastIndex(isOrdinary) + 1);
}

function encoded({ tokenizer, info }: OpenModel, field: "text" | "answer", text: string): number[] {
  const ids = encodedBy(tokenizer, field, text.replaceAll(/\p{Surrogate}/gu, "\ufffd")); // half of a character
  const strange = ids.find((id) => id >= info.vocabSize);
  if (strange === undefined) return ids;
  throw new ReadingError(field, `The model has no vector for the token “${tokenizer.texts([strange])[0]}”.`);
}

function encodedBy(tokenizer: ModelTokenizer, field: "text" | "answer", text: string): number[] {
  try {
    return tokenizer.encode(text);
  } catch (error) {
    throw new ReadingError(field, sentenceOf(error));
  }
}

/** The first tokens, and the special tokens that end the text, such as `[SEP]`. */
function shortened({ specialIds }: ModelTokenizer, ids: readonly number[], limit: number): readonly number[] {
  if (ids.length <= limit) return ids;
  const end = ids.slice(ids.findLastIndex((id) => !specialIds.has(id)) + 1).slice(0, limit);
  return [...ids.slice(0, limit - end.length), ...end];
}

function withTokens(tokenizer: ModelTokenizer, ids: readonly number[]): TokenizedText {
  return { ids, tokens: tokenizer.texts(ids) };
}

/** The ids of the texts as tensors, int32 `[1, length]`; the caller frees them. */
export interface TextTensors {
  readonly ids: Tensor2D;
  readonly source: Tensor2D | undefined;
}

/** Calls a function with the ids as tensors, and frees them. */
export function withTensors<Result>(texts: ModelTexts, read: (tensors: TextTensors) => Result): Result {
  const tensors = tensorsOf(texts);
  try {
    return read(tensors);
  } finally {
    freeTensors(tensors);
  }
}

export function tensorsOf({ text, source }: ModelTexts): TextTensors {
  const tensorOf = ({ ids }: TokenizedText): Tensor2D => tensor2d([...ids], [1, ids.length], "int32");
  return { ids: tensorOf(text), source: source && tensorOf(source) };
}

export function freeTensors({ ids, source }: TextTensors): void {
  dispose([ids, ...(source ? [source] : [])]);
}

/** The last hidden states, `[1, length, dModel]`; of an encoder-decoder, those of its decoder. */
export function hiddenStates(model: LanguageModel | EncoderDecoder, { ids, source }: TextTensors): Tensor {
  if (!(model instanceof EncoderDecoder)) return scope(() => model.hidden(ids).output);
  return scope(() => {
    const memory = model.encode(source!).output;
    return model.decoder.apply(model.targetInput.apply(ids), { memory }).output;
  });
}
