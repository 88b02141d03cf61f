import { describeValue, refuse, ValueError } from "@tfblocks/tensor-utils";
import { tokensOf } from "../ids.js";
import type { Tokenizer } from "../tokenizer.js";
import { type Encoding, joinedEncoding, stretch } from "./encoding.js";
import type { TokenizerFile } from "./file.js";
import { type Padding, padded } from "./padding.js";
import type { Piece } from "./piece.js";
import { split } from "./pre-tokenizer.js";
import { normalized, normalizedLead } from "./step.js";
import { type Truncation, truncated } from "./truncation.js";

/** A tokenizer that a `tokenizer.json` describes. */
export interface HuggingFaceTokenizer extends Tokenizer {
  /** The ids of a text, or of a pair of texts, for example a question and its context. */
  encode(text: string, pair?: string): number[];
  /** The ids of a text or a pair, with their types and masks. */
  encoding(text: string, pair?: string): Encoding;
  /** The encodings of several texts or pairs; padding makes them equally long. */
  encodeBatch(texts: readonly (string | readonly [string, string])[]): Encoding[];
}

interface Settings {
  readonly addSpecialTokens: boolean;
  readonly skipSpecialTokens: boolean;
  readonly truncation: Truncation | undefined;
  readonly padding: Padding | undefined;
}

/** Checks that special tokens leave room. @throws ValueError when they do not */
export function checkTruncation({ postProcessor }: TokenizerFile, { truncation, addSpecialTokens }: Settings): void {
  const added = addSpecialTokens ? (postProcessor?.added(false) ?? 0) : 0;
  if (truncation === undefined || truncation.maxLength >= added) return;
  refuse(ValueError, "loadTokenizer", "truncation", `a length of ${added} or more, for the special tokens`, truncation.maxLength);
}

/** Normalizer, pre-tokenizer, model, post-processor and decoder of a file, one after another. */
export class Pipeline implements HuggingFaceTokenizer {
  readonly vocabSize: number;
  readonly specialIds: Readonly<Record<string, number>>;
  readonly #file: TokenizerFile;
  readonly #settings: Settings;

  constructor(file: TokenizerFile, settings: Settings) {
    this.#file = file;
    this.#settings = settings;
    const { all } = file.addedTokens;
    this.specialIds = Object.fromEntries(all.filter(({ isSpecial }) => isSpecial).map(({ content, id }) => [content, id]));
    this.vocabSize = all.reduce((largest, { id }) => Math.max(largest, id), file.model.vocabulary.largestId()) + 1;
  }

  encode(text: string, pair?: string): number[] {
    return [...this.encoding(text, pair).ids];
  }

  encoding(text: string, pair?: string): Encoding {
    return this.#padded([this.#unpadded(text, pair)])[0]!;
  }

  encodeBatch(texts: readonly (string | readonly [string, string])[]): Encoding[] {
    return this.#padded(texts.map((each) => (typeof each === "string" ? this.#unpadded(each) : this.#unpadded(...each))));
  }

  decode(ids: ArrayLike<number>): string {
    const { addedTokens, decoder } = this.#file;
    const all = tokensOf("Tokenizer.decode", ids, (id) => this.#token(id), this.vocabSize);
    const tokens = this.#settings.skipSpecialTokens ? all.filter((token) => !addedTokens.isSpecial(token)) : all;
    return decoder === undefined ? tokens.join(" ") : decoder(tokens).join("");
  }

  tokens(ids: ArrayLike<number>): string[] {
    return tokensOf("Tokenizer.tokens", ids, (id) => this.#token(id), this.vocabSize);
  }

  #token(id: number): string | undefined {
    return this.#file.addedTokens.token(id) ?? this.#file.model.vocabulary.token(id);
  }

  #padded(encodings: Encoding[]): Encoding[] {
    const { padding } = this.#settings;
    return padding === undefined ? encodings : padded(encodings, padding);
  }

  #unpadded(text: string, pair?: string): Encoding {
    const { postProcessor } = this.#file;
    const { addSpecialTokens, truncation } = this.#settings;
    const texts = pair === undefined ? [text] : [text, pair];
    const ids = texts.map((each, at) => this.#ids(checkText(each, at)));
    const added = addSpecialTokens ? (postProcessor?.added(pair !== undefined) ?? 0) : 0;
    if (truncation !== undefined && added > truncation.maxLength) {
      refuse(ValueError, "Tokenizer.encode", "pair", `omitted: ${added} special tokens exceed truncation`, truncation.maxLength);
    }
    const cut = truncation === undefined ? ids : truncated(ids, truncation, added);
    const stretches = cut.map((each, at) => [stretch(each, at)]);
    return joinedEncoding((postProcessor?.apply(stretches, addSpecialTokens) ?? stretches).flat());
  }

  #ids(text: string): readonly number[] {
    const { model } = this.#file;
    return this.#pieces(text).flatMap(({ id, text: piece }) => id ?? model.ids(piece));
  }

  #pieces(text: string): readonly Piece[] {
    const { addedTokens, normalizer, preTokenizer, tracksStart } = this.#file;
    if (text === "") return [];
    const whole: Piece = { text, isFirst: true, lead: text.codePointAt(0)! > 0xffff ? 2 : 1 };
    const pieces = addedTokens.cut(whole).flatMap((piece) => {
      if (piece.id !== undefined) return [piece];
      const lead = tracksStart ? normalizedLead(normalizer, piece.text, piece.lead) : 0;
      return addedTokens.cutNormalized({ ...piece, text: normalized(normalizer, piece.text), lead });
    });
    return split(
      pieces.filter((piece) => piece.text !== ""),
      preTokenizer,
    );
  }
}

function checkText(text: unknown, at: number): string {
  const argument = at === 0 ? "text" : "pair";
  if (typeof text !== "string") refuse(ValueError, "Tokenizer.encode", argument, "a string", describeValue(text));
  const lone = text.search(/\p{Surrogate}/u);
  if (lone === -1) return text;
  const advice = "call toWellFormed() on it to replace such halves";
  return refuse(ValueError, "Tokenizer.encode", argument, "whole characters", `half of a surrogate pair at ${lone}`, advice);
}
