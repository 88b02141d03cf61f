import { type Tensor, tensor2d } from "@tensorflow/tfjs-core";
import type { MultiHeadAttention } from "@tfblocks/attention";
import type { Mask } from "@tfblocks/masks";
import { type Block, scope } from "@tfblocks/tensor-utils";
import { EncoderDecoder, type SublayerNorms, type TransformerStack, TransformerLayer } from "@tfblocks/transformer";
import type { ModelPartName } from "./model-info.js";
import { type OpenModel, stackOf } from "./open-model.js";

/** What an encoder-decoder's answers start with, as T5's. */
const startToken = 0;

/** The texts of a call: the answer is what a decoder has written so far. */
export interface ModelText {
  readonly text: string;
  readonly answer: string;
}

/** One attention of a model with all that goes into it. */
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
 * Runs a model up to one attention of one layer, by its public parts; the tensors belong to the scope around.
 *
 * @throws Error when the layer is none of its own kind, or a text is not of the model's vocabulary
 */
export function attentionCall(
  { model, tokenizer }: OpenModel,
  part: ModelPartName,
  layer: number,
  { text, answer }: ModelText,
): AttentionCall {
  const source = tokenizer.encode(text);
  if (source.length === 0) throw new Error("Please write a text with at least one token");
  if (!(model instanceof EncoderDecoder)) {
    const tokens = tokenizer.tokens(source);
    const { hiddenStates } = model.hidden(ids(source), { needHiddenStates: true });
    return selfCall(model.stack, layer, hiddenStates![layer]!, tokens);
  }
  const encoded = model.encode(ids(source), { needHiddenStates: true });
  if (part === "encoder") return selfCall(model.encoder, layer, encoded.hiddenStates![layer]!, tokenizer.tokens(source));
  const target = [startToken, ...tokenizer.encode(answer)];
  const { hiddenStates } = model.decode(ids(target), encoded.output, { needHiddenStates: true });
  const own = selfCall(stackOf(model, part), layer, hiddenStates![layer]!, tokenizer.tokens(target));
  if (part !== "cross") return own;
  return crossCall(model.decoder, layer, hiddenStates![layer]!, own, encoded.output, tokenizer.tokens(source));
}

function selfCall(stack: TransformerStack, index: number, x: Tensor, tokens: readonly string[]): AttentionCall {
  const layer = layerOf(stack, index);
  const { attentionNorm } = layer.parts() as unknown as Record<string, Block>;
  const length = tokens.length;
  const query = inputOf(layer, x, { norm: attentionNorm! });
  return {
    attention: layer.attention as MultiHeadAttention,
    query,
    context: query,
    mask: layer.mask,
    bias: stack.relativeBias?.apply({ queryLength: length, keyLength: length, queryOffset: 0, keyOffset: 0 }),
    queryTokens: tokens,
    keyTokens: tokens,
  };
}

/** The look of a decoder's layer at the encoder: after its self-attention has joined the stream. */
function crossCall(
  stack: TransformerStack,
  index: number,
  x: Tensor,
  { attention, mask, bias, queryTokens }: AttentionCall,
  memory: Tensor,
  keyTokens: readonly string[],
): AttentionCall {
  const layer = layerOf(stack, index);
  const parts = layer.parts() as unknown as Record<string, Block>;
  const attended = layer.residual(x, (y) => attention.apply(y, y, y, { mask, bias, needWeights: false }).output, {
    norm: parts.attentionNorm!,
  });
  return {
    attention: parts.crossAttention as unknown as MultiHeadAttention,
    query: inputOf(layer, attended, { norm: parts.crossAttentionNorm! }),
    context: memory,
    mask: undefined,
    bias: undefined,
    queryTokens,
    keyTokens,
  };
}

/** What a sublayer reads of the stream, whatever rule joins it: the residual hands it to the sublayer's body. */
function inputOf(layer: TransformerLayer, x: Tensor, norms: SublayerNorms): Tensor {
  let input = x;
  layer.residual(
    x,
    (y) => {
      input = y;
      return y;
    },
    norms,
  );
  return input;
}

function layerOf(stack: TransformerStack, index: number): TransformerLayer {
  const layer = stack.layers[index];
  if (layer instanceof TransformerLayer) return layer;
  throw new Error(`the model has no layer ${index} whose attention can be shown; it has layers 0 to ${stack.layers.length - 1}`);
}

/** int32 `[1, length]` */
function ids(tokens: readonly number[]): Tensor {
  return scope(() => tensor2d([...tokens], [1, tokens.length], "int32"));
}
