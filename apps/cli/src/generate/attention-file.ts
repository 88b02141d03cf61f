import { dispose, type Tensor, tensor2d } from "@tensorflow/tfjs-core";
import { scope } from "@tfblocks/tensor-utils";
import { type EncoderDecoder, LanguageModel } from "@tfblocks/transformer";
import type { Tokenizer } from "@tfblocks/text";

/** Rows of weights, each from one query to every key. */
type HeadMap = number[][];

/** Attention maps by layer, head, query and key, and the tokens that they are between. */
export interface AttentionMaps {
  /** Of a decoder, or of an encoder-decoder's source. */
  readonly tokens: readonly string[];
  /** Of an encoder-decoder's answer. */
  readonly targetTokens?: readonly string[];
  /** Self-attention of the decoder alone, or of the encoder. */
  readonly layers: readonly (readonly HeadMap[])[];
  /** Self-attention of an encoder-decoder's decoder. */
  readonly decoderLayers?: readonly (readonly HeadMap[])[];
  /** From the answer's tokens to the source's. */
  readonly crossLayers?: readonly (readonly HeadMap[])[];
}

/**
 * The attention of every layer and head in one pass over all tokens.
 *
 * @param source of an encoder-decoder; none for a decoder alone
 * @param ids prompt and output of a decoder, start token and answer of an encoder-decoder
 */
export async function attentionMaps(
  model: LanguageModel | EncoderDecoder,
  tokenizer: Tokenizer,
  source: readonly number[],
  ids: readonly number[],
): Promise<AttentionMaps> {
  if (model instanceof LanguageModel) {
    const weights = scope(() => model.hidden(row(ids), { needWeights: true }).weights!);
    return { tokens: tokenizer.tokens(ids), layers: await readMaps(weights) };
  }
  const { encoder, weights, crossWeights } = scope(() => {
    const result = model.apply(row(source), row(ids), { needWeights: true });
    return { encoder: result.encoder.weights!, weights: result.weights!, crossWeights: result.crossWeights! };
  });
  const [layers, decoderLayers, crossLayers] = [await readMaps(encoder), await readMaps(weights), await readMaps(crossWeights)];
  return { tokens: tokenizer.tokens(source), targetTokens: tokenizer.tokens(ids), layers, decoderLayers, crossLayers };
}

function row(ids: readonly number[]): Tensor {
  return tensor2d([[...ids]], [1, ids.length], "int32");
}

/** Weights `[1, heads, queryLength, keyLength]` of each layer as nested numbers of five digits; the tensors are freed. */
async function readMaps(layers: readonly Tensor[]): Promise<HeadMap[][]> {
  try {
    const values = await Promise.all(layers.map((layer) => layer.array() as Promise<number[][][][]>));
    return values.map(([heads]) => heads!.map((head) => head.map((weights) => weights.map((weight) => Math.round(weight * 1e5) / 1e5))));
  } finally {
    dispose([...layers]);
  }
}
