import type { ModelId } from "./model-id.js";

/** Which attention: of a model with one stack, of the encoder, of the decoder, or of the decoder to the encoder. */
export const attentionKinds = ["self", "encoder", "decoder", "cross"] as const;
export type AttentionKind = (typeof attentionKinds)[number];

/** The attentions of one kind, one in each layer. */
export interface AttentionStack {
  readonly kind: AttentionKind;
  readonly heads: number;
  /** The dotted name of the attention of each layer, for example `layers.0.attention`. */
  readonly parts: readonly string[];
}

/** A head of a model. */
export interface HeadPlace {
  readonly kind: AttentionKind;
  readonly layer: number;
  readonly head: number;
}

/** A text on which a model shows something. */
export interface Example {
  readonly text: string;
  /** The output so far, for an encoder-decoder. */
  readonly answer?: string;
  /** What to look at, in a sentence or two. */
  readonly note: string;
  /** Where to look; default the first head of the model. */
  readonly head?: HeadPlace;
}

/** What the page knows of an open model; plain data. */
export interface ModelInfo {
  readonly id: ModelId;
  readonly title: string;
  /** What the model does, in one sentence. */
  readonly summary: string;
  /** The family as `config.json` names it, for example `llama`. */
  readonly family: string;
  readonly shape: "decoder" | "encoder" | "encoder-decoder";
  /** What its logits are about; "nothing" for a model without a head. */
  readonly predicts: "the next token" | "masked tokens" | "nothing";
  readonly stacks: readonly AttentionStack[];
  readonly dModel: number;
  /** How many numbers a query has in one head. */
  readonly headDim: number;
  /** How many heads of a layer have keys and values of their own; heads share them where it is fewer than the heads. */
  readonly kvHeads: number;
  readonly vocabSize: number;
  /** The most tokens that the model takes; null without a limit. */
  readonly maxLength: number | null;
  /** The most tokens that it was trained on, where that is no limit and known. */
  readonly trainedLength?: number | undefined;
  /** Of a model of the reader, its `config.json`. */
  readonly config?: Readonly<Record<string, unknown>> | undefined;
  /** Number of parameters. */
  readonly parameters: number;
  readonly examples: readonly [Example, ...Example[]];
  /** Where its first example is most instructive. */
  readonly firstHead: HeadPlace;
}
