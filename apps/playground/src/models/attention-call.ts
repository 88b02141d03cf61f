import { type Tensor, tensor2d } from "@tensorflow/tfjs-core";
import type { MultiHeadAttention } from "@tfblocks/attention";
import { isMask, type Mask } from "@tfblocks/masks";
import { probe, replaceParts, scope } from "@tfblocks/tensor-utils";
import { EncoderDecoder } from "@tfblocks/transformer";
import type { ModelPartName } from "./model-info.js";
import type { OpenModel } from "./open-model.js";

/** The first token of the output of an encoder-decoder, as in T5. */
const startToken = 0;

/** The input of a model; `answer` is the output that a decoder has generated so far. */
export interface ModelText {
  readonly text: string;
  readonly answer: string;
}

/** One call of one attention layer of a model. Its tensors are freed after the call. */
export interface AttentionCall {
  readonly attention: MultiHeadAttention;
  /** `[1, queryLength, dModel]` */
  readonly query: Tensor;
  /** `[1, keyLength, dModel]` */
  readonly context: Tensor;
  readonly mask: Mask | undefined;
  /** Added to the scaled scores. */
  readonly bias: Tensor | undefined;
  readonly queryTokens: readonly string[];
  readonly keyTokens: readonly string[];
}

/**
 * Runs a model on a text and reads the call of one attention layer.
 *
 * @throws Error if the model does not have the layer, or a text is empty or not in the vocabulary of the model
 */
export function readAttention<Reading>(
  opened: OpenModel,
  part: ModelPartName,
  layer: number,
  text: ModelText,
  read: (call: AttentionCall) => Reading,
): Reading {
  const tokens = tokensOf(opened, part, text);
  const readings: Reading[] = [];
  const watched = replaceParts(opened.model, attentionName(part, layer), (attention: MultiHeadAttention) =>
    probe(attention, ({ inputs: [query, context, , options] }) => {
      const mask = isMask(options?.mask) ? options.mask : undefined;
      readings.push(read({ ...tokens, attention, query, context, mask, bias: options?.bias }));
    }),
  );
  scope(() => {
    run({ ...opened, model: watched }, text);
  });
  return readings[0]!;
}

/** The dotted part name of an attention layer. */
function attentionName(part: ModelPartName, layer: number): string {
  const prefixes = { self: "", encoder: "encoder.", decoder: "decoder.", cross: "decoder." };
  return `${prefixes[part]}layers.${layer}.${part === "cross" ? "crossAttention" : "attention"}`;
}

function run({ model, tokenizer }: Pick<OpenModel, "model" | "tokenizer">, { text, answer }: ModelText): unknown {
  const source = ids(tokenizer.encode(text));
  return model instanceof EncoderDecoder ? model.apply(source, ids(generated(tokenizer, answer))) : model.hidden(source);
}

function tokensOf({ tokenizer }: OpenModel, part: ModelPartName, { text, answer }: ModelText) {
  const source = tokenizer.encode(text);
  if (source.length === 0) throw new Error("Please enter a text with at least one token");
  const queries = part === "self" || part === "encoder" ? source : generated(tokenizer, answer);
  const keys = part === "decoder" ? queries : source;
  return { queryTokens: tokenizer.tokens(queries), keyTokens: tokenizer.tokens(keys) };
}

/** The tokens that the decoder has generated so far, with the start token. */
function generated(tokenizer: OpenModel["tokenizer"], answer: string): number[] {
  return [startToken, ...tokenizer.encode(answer)];
}

/** int32 `[1, length]` */
function ids(tokens: readonly number[]): Tensor {
  return tensor2d([...tokens], [1, tokens.length], "int32");
}
