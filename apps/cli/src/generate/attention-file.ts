import { dispose, type Tensor, tensor2d } from "@tensorflow/tfjs-core";
import { scope } from "@tfblocks/tensor-utils";
import { type EncoderDecoder, LanguageModel } from "@tfblocks/transformer";
import type { Tokenizer } from "@tfblocks/text";

/** The weights of one head, `[query][key]`. */
type HeadMap = number[][];

/** Attention weights `[layer][head][query][key]` and the tokens of their queries and keys. */
export interface AttentionMaps {
  /** The tokens of the prompt and the output; for an encoder-decoder, those of the prompt. */
  readonly tokens: readonly string[];
  /** The output tokens of an encoder-decoder. */
  readonly targetTokens?: readonly string[];
  /** Self-attention of a language model, or of the encoder. */
  readonly layers: readonly (readonly HeadMap[])[];
  /** Self-attention of the decoder of an encoder-decoder. */
  readonly decoderLayers?: readonly (readonly HeadMap[])[];
  /** Cross-attention from `targetTokens` to `tokens`. */
  readonly crossLayers?: readonly (readonly HeadMap[])[];
}

/**
 * Computes the attention of every layer and head in one pass over all tokens.
 *
 * @param source the prompt; only used for an encoder-decoder
 * @param ids prompt and output of a language model; start token and output of an encoder-decoder
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

/** Reads the weights of each layer, `[1, heads, queryLength, keyLength]`, rounded to five decimals, and frees them. */
async function readMaps(layers: readonly Tensor[]): Promise<HeadMap[][]> {
  try {
    const values = await Promise.all(layers.map((layer) => layer.array() as Promise<number[][][][]>));
    return values.map(([heads]) => heads!.map((head) => head.map((weights) => weights.map((weight) => Math.round(weight * 1e5) / 1e5))));
  } finally {
    dispose([...layers]);
  }
}
