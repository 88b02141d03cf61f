import type { Tensor } from "@tensorflow/tfjs-core";
import { type TokenizedText, type WatchedAttention, watchAttention, withEdits } from "@tfblocks/analysis/models";
import type { EncoderDecoder, LanguageModel } from "@tfblocks/transformer";
import type { AttentionKind, HeadPlace } from "../models/model-info.js";
import type { OpenModel } from "../models/opened-model.js";
import { editsOf, type ReadyEdits } from "./edits-of.js";
import { freeTensors, hiddenStates, type ReadTexts, readTexts, type TextTensors, tensorsOf, tokensOfText } from "./model-texts.js";
import { ReadingError } from "./reading-error.js";
import type { ReadingInput } from "./reading-input.js";

/** An attention of a run: where its rows are read, and the tokens of its rows and columns. */
export interface RunAttention {
  readonly part: string;
  readonly watched: WatchedAttention<unknown>;
  readonly rows: TokenizedText;
  readonly keys: TokenizedText;
  readonly isCross: boolean;
}

/**
 * A model with its edits, run once on a text. It keeps what readings compute from: the inputs of each attention and the last hidden
 * states. Results that take long are kept too.
 */
export class Run {
  readonly opened: OpenModel;
  readonly texts: ReadTexts;
  /** With the edits. */
  readonly model: LanguageModel | EncoderDecoder;
  readonly tensors: TextTensors;
  readonly #edits: ReadyEdits;
  /** The last hidden states, `[1, length, dModel]`. */
  readonly hidden: Tensor;
  readonly #watched: WatchedAttention<unknown> | undefined;
  readonly #results = new Map<string, Promise<unknown>>();
  #isOutdated = false;

  /** @throws ReadingError when the input does not fit the model; nothing is left behind */
  constructor(opened: OpenModel, input: ReadingInput) {
    this.opened = opened;
    this.texts = readTexts(opened, input);
    this.#edits = editsOf(opened, input, this.texts);
    this.tensors = tensorsOf(this.texts);
    try {
      this.model = withEdits<LanguageModel | EncoderDecoder>(opened.model, this.#edits.edits);
      ({ hidden: this.hidden, watched: this.#watched } = this.#applied());
    } catch (error) {
      freeTensors(this.tensors);
      this.#edits.dispose();
      throw error;
    }
  }

  /** Whether a newer input has replaced this one, so that nobody waits for its results. */
  get isOutdated(): boolean {
    return this.#isOutdated;
  }

  outdate(): void {
    this.#isOutdated = true;
  }

  /** The attention of a layer. @throws ReadingError when the model has none there */
  attention(kind: AttentionKind, layer: number): RunAttention {
    const stack = this.opened.info.stacks.find((each) => each.kind === kind);
    if (stack === undefined) throw new ReadingError("head", `This model has no ${kindNames[kind]}.`);
    const part = stack.parts[layer];
    if (part === undefined) {
      throw new ReadingError("head", `There is no layer ${layer}: the model has ${stack.parts.length}, counted from 0.`);
    }
    const source = tokensOfText(this.texts);
    const rows = kind === "encoder" ? source : this.texts.text;
    const keys = kind === "encoder" || kind === "cross" ? source : this.texts.text;
    return { part, watched: this.#edits.frozen.get(part) ?? this.#watched!, rows, keys, isCross: kind === "cross" };
  }

  /** The attention of a head. @throws ReadingError when there is no such head */
  attentionOf({ kind, layer, head }: HeadPlace): RunAttention {
    const attention = this.attention(kind, layer);
    const { heads } = attention.watched.sizes(attention.part);
    if (head < heads) return attention;
    throw new ReadingError("head", `There is no head ${head}: this layer has ${heads}, counted from 0.`);
  }

  /** Whether the weights of an attention are those of another text, so that they have no scores. */
  isFrozen(part: string): boolean {
    return this.#edits.frozen.has(part);
  }

  /** The result of a computation, which is done once. */
  once<Result>(name: string, compute: () => Promise<Result>): Promise<Result> {
    const known = this.#results.get(name) as Promise<Result> | undefined;
    if (known !== undefined) return known;
    const result = compute();
    this.#results.set(name, result);
    result.catch(() => this.#results.delete(name));
    return result;
  }

  dispose(): void {
    this.outdate();
    this.#watched?.dispose();
    this.hidden.dispose();
    freeTensors(this.tensors);
    this.#edits.dispose();
  }

  #applied(): { readonly hidden: Tensor; readonly watched?: WatchedAttention<unknown> } {
    const computed = this.opened.info.stacks.flatMap(({ parts }) => parts.filter((part) => !this.isFrozen(part)));
    if (computed.length === 0) return { hidden: hiddenStates(this.model, this.tensors) };
    const watched = watchAttention(this.model, (model) => hiddenStates(model, this.tensors), { attention: computed });
    return { hidden: watched.result, watched };
  }
}

const kindNames: Readonly<Record<AttentionKind, string>> = {
  self: "self-attention outside an encoder and a decoder",
  encoder: "encoder",
  decoder: "decoder beside an encoder",
  cross: "cross-attention",
};
