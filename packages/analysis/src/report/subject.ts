import { type Tensor2D, tensor2d } from "@tensorflow/tfjs-core";
import { checkInteger, checkOptions, describeValue, type OptionNames, refuse, ValueError } from "@tfblocks/tensor-utils";
import { EncoderDecoder } from "@tfblocks/transformer";
import { checkStreamModel } from "../stream/stream-options.js";
import { checkString } from "../checks.js";
import type { StreamModel, StreamOptions } from "../stream/stream-options.js";

/** A text as a model reads it. */
export interface TokenizedText {
  readonly ids: readonly number[];
  /** The texts of the tokens, as many as ids. */
  readonly tokens: readonly string[];
}

/** The texts of a run. */
export interface ModelTexts {
  /** What the model reads; of an encoder-decoder, what its decoder reads, including the start token. */
  readonly text: TokenizedText;
  /** What the encoder of an encoder-decoder reads. */
  readonly source?: TokenizedText | undefined;
}

/** A model with its input as tensors; the caller frees it. */
export interface Subject extends ModelTexts {
  readonly model: StreamModel;
  readonly ids: Tensor2D;
  /** The options of functions that read the stream. */
  readonly options: StreamOptions;
  dispose(): void;
}

/** @throws ValueError when a text is not one for the model, or the source is missing or not wanted */
export function subjectOf(operation: string, model: StreamModel, texts: ModelTexts): Subject {
  checkStreamModel(operation, model);
  const { text, source } = checkOptions(operation, texts, textNames, "text");
  checkText(operation, "text", text, model.vocabSize);
  if (model instanceof EncoderDecoder) {
    if (source === undefined) refuse(ValueError, operation, "source", "the text that the encoder reads", "undefined");
    checkText(operation, "source", source, model.input.tokenEmbedding.vocabSize);
  } else if (source !== undefined) {
    refuse(ValueError, operation, "source", "left out, as the model has no encoder", describeValue(source));
  }
  const ids = tensorOf(text);
  const sourceIds = source && tensorOf(source);
  const dispose = (): void => [ids, sourceIds].forEach((tensor) => tensor?.dispose());
  return { model, text, source, ids, options: sourceIds === undefined ? {} : { source: sourceIds }, dispose };
}

function tensorOf({ ids }: TokenizedText): Tensor2D {
  return tensor2d([...ids], [1, ids.length], "int32");
}

const textNames: OptionNames<ModelTexts> = { text: true, source: true };

/** @throws ValueError when a text is empty, has other numbers of ids and tokens, or an id is outside the vocabulary */
export function checkText(operation: string, name: string, text: TokenizedText, vocabSize: number): void {
  const { ids, tokens } = (text ?? {}) as TokenizedText;
  if (![ids, tokens].every(isList)) {
    const advice = "encode it with the tokenizer of the model";
    refuse(ValueError, operation, name, "a text { ids, tokens }", describeValue(text), advice);
  }
  if (ids.length === 0) refuse(ValueError, operation, name, "at least one token", "none");
  if (tokens.length !== ids.length) refuse(ValueError, operation, `${name}.tokens`, `as many as ids, ${ids.length}`, tokens.length);
  for (const id of ids) checkInteger(operation, `${name}.ids`, id, 0, vocabSize - 1);
  tokens.forEach((token, index) => checkString(operation, `${name}.tokens[${index}]`, token));
}

function isList(value: unknown): boolean {
  return typeof value === "object" && typeof (value as ArrayLike<unknown> | null)?.length === "number";
}
