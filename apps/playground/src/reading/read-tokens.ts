import type { TokenizedText } from "@tfblocks/analysis/models";
import { EncoderDecoder } from "@tfblocks/transformer";
import type { OpenModel } from "../models/opened-model.js";
import { readTexts, tokensOfText } from "./model-texts.js";
import type { ReadingInput } from "./reading-input.js";
import type { TokensReading, TokenView } from "./readings.js";

/** The tokens of an input. @throws ReadingError when a text is empty, or has a word that the model does not know */
export function readTokens(opened: OpenModel, input: ReadingInput): TokensReading {
  const texts = readTexts(opened, input);
  const views = ({ ids, tokens }: TokenizedText): TokenView[] =>
    ids.map((id, index) => ({ id, text: tokens[index]!, isUnknown: id === opened.tokenizer.unknownId }));
  const answerTokens = opened.model instanceof EncoderDecoder ? views(texts.text) : [];
  return { tokens: views(tokensOfText(texts)), answerTokens, leftOut: texts.leftOut };
}
